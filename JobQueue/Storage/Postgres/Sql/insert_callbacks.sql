INSERT INTO callbacks (ended_id, job_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
