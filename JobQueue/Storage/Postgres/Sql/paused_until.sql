DELETE FROM paused_queues WHERE until <= now_ms() RETURNING tenant_id, name
