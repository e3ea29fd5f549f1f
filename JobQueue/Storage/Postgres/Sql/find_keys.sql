SELECT keys.tenant_id, keys.key_hash, keys.request_hash, keys.job_id, coalesce(keys.default_max_retries, jobs.max_retries)
FROM unnest($1::integer[], $2::bytea[]) AS asked (tenant_id, key_hash)
JOIN idempotency_keys AS keys USING (tenant_id, key_hash)
LEFT JOIN jobs ON jobs.id = keys.job_id
