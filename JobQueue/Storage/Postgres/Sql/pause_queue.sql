INSERT INTO paused_queues (tenant_id, name, paused_at, paused_by, reason, until) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, name) DO UPDATE SET paused_at = excluded.paused_at, paused_by = excluded.paused_by, reason = excluded.reason, until = excluded.until
