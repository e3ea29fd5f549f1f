-- In the order of their kinds, whose counters the rows' trigger locks.
INSERT INTO dead_letters (job_id, tenant_id, lane_id, reason, error_message, error_type, fingerprint, attempts, dead_at)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::bigint[])
     AS added (job_id, tenant_id, lane_id, reason, error_message, error_type, fingerprint, attempts, dead_at)
ORDER BY tenant_id, fingerprint
