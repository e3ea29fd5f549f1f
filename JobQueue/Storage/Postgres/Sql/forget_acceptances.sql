DELETE FROM acceptances WHERE tenant_id = ANY ($1::integer[]) AND at <= now_ms() - 60000
