DELETE FROM paused_queues WHERE tenant_id = $1 AND name = $2 RETURNING 1
