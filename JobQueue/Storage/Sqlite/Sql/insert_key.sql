-- Remembers an idempotency key; its primary key makes a second job of the same key impossible.
INSERT INTO idempotency_keys (tenant_id, key_hash, request_hash, job_id, default_max_retries) VALUES (?1, ?2, ?3, ?4, ?5);
