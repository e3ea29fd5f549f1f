DELETE FROM breakers USING unnest($1::integer[], $2::text[]) AS closed (tenant_id, target)
WHERE breakers.tenant_id = closed.tenant_id AND breakers.target = closed.target
