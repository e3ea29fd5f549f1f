-- Whether the clock has brought anything: asked every second.
SELECT now_ms(),
       EXISTS (SELECT FROM leases WHERE expires_at <= now_ms()),
       (SELECT due_at FROM scheduled ORDER BY due_at, job_id LIMIT 1),
       EXISTS (SELECT FROM paused_queues WHERE until <= now_ms())
