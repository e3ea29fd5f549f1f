-- Leases that are ended, extended or asked about, locked in one order, with what their jobs' rows say.
SELECT leases.job_id, leases.tenant_id, leases.lane_id, leases.secret, leases.attempt, leases.worker, leases.process, leases.started_at,
       leases.expires_at, leases.timeout_at, leases.duration_milliseconds, leases.cancel_requested_at,
       jobs.priority, jobs.retries, jobs.max_retries, jobs.crashes, jobs.run_at, jobs.trace_id, jobs.span_id, jobs.target,
       jobs.callback_url, jobs.callback_on, jobs.error_message, jobs.error_type
FROM leases JOIN jobs ON jobs.id = leases.job_id
WHERE leases.job_id = ANY ($1::uuid[]) ORDER BY leases.job_id FOR NO KEY UPDATE OF leases
