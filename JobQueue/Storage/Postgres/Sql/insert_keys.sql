-- In the order of the key, as every process does. One that is missing in the answer was taken by another transaction meanwhile.
INSERT INTO idempotency_keys (tenant_id, key_hash, request_hash, job_id, default_max_retries)
SELECT * FROM unnest($1::integer[], $2::bytea[], $3::bytea[], $4::uuid[], $5::integer[]) AS added (tenant_id, key_hash, request_hash, job_id, default_max_retries)
ORDER BY tenant_id, key_hash
ON CONFLICT DO NOTHING RETURNING 1
