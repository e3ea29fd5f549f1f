INSERT INTO scheduled (due_at, job_id, lane_id, rank, wait_milliseconds)
SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::integer[], $5::bigint[])
