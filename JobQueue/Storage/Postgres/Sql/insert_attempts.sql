INSERT INTO attempts (job_id, number, worker, started_at, finished_at, outcome, error_message, error_type)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[], $7::text[], $8::text[])
