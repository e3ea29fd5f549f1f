-- Remembers an idempotency key; its primary key makes a second job of the same key impossible.
INSERT INTO idempotency_keys (tenant_id, key_hash, request_hash, job_id) VALUES (?1, ?2, ?3, ?4);
