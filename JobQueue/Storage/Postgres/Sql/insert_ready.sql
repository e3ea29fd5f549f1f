INSERT INTO ready (lane_id, rank, due_at, job_id)
SELECT * FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::uuid[])
