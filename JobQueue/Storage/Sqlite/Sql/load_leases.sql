-- Running jobs, with what settling them needs.
SELECT l.job_id, l.lane_id, l.secret, l.attempt, l.worker, l.process, l.started_at, l.expires_at, l.duration_milliseconds,
       l.cancel_requested_at, j.retries, j.max_retries, j.crashes, j.priority, j.run_at, j.timeout_seconds,
       j.trace_id, j.span_id, j.target, j.callback_url, j.callback_on
FROM leases AS l CROSS JOIN jobs AS j ON j.id = l.job_id;
