INSERT INTO leases (job_id, tenant_id, lane_id, secret, attempt, worker, process, started_at, expires_at, timeout_at, duration_milliseconds)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::bigint[], $5::integer[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
                     $10::bigint[], $11::integer[])
