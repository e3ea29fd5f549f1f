DELETE FROM job_texts WHERE job_id = ANY ($1::uuid[])
