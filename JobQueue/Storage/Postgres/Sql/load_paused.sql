SELECT tenant_id, name, paused_at, paused_by, reason, until FROM paused_queues
