-- A job may have thousands of them: so many at a time.
DELETE FROM attempts WHERE ctid = ANY (ARRAY(SELECT ctid FROM attempts WHERE job_id = ANY ($1::uuid[]) LIMIT $2)) RETURNING 1
