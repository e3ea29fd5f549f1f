-- What an idempotency key was used for.
SELECT request_hash, job_id, default_max_retries FROM idempotency_keys WHERE tenant_id = ?1 AND key_hash = ?2;
