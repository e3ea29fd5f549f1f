DELETE FROM idempotency_keys USING unnest($1::integer[], $2::bytea[]) AS old (tenant_id, key_hash)
WHERE idempotency_keys.tenant_id = old.tenant_id AND idempotency_keys.key_hash = old.key_hash
