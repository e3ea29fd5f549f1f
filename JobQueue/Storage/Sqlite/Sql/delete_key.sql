-- Forgets a key together with its job.
DELETE FROM idempotency_keys WHERE tenant_id = ?1 AND key_hash = ?2;
