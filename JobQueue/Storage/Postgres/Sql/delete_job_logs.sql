-- A job may have thousands of them: so many at a time.
DELETE FROM job_logs WHERE ctid = ANY (ARRAY(SELECT ctid FROM job_logs WHERE job_id = ANY ($1::uuid[]) LIMIT $2)) RETURNING 1
