INSERT INTO job_logs (job_id, number, at, attempt, message)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::bigint[], $4::integer[], $5::text[])
