-- Whole jobs, as this transaction has left them.
SELECT jobs.id, jobs.tenant_id, jobs.lane_id, jobs.status, jobs.reason, jobs.priority, jobs.retries, jobs.max_retries, jobs.crashes, jobs.attempts,
       jobs.timeout_seconds, jobs.run_at, jobs.created_at, jobs.started_at, jobs.finished_at, jobs.worker, jobs.idempotency_key, jobs.tags,
       jobs.trace_id, jobs.span_id, jobs.submitted_by, jobs.error_message, jobs.error_type, jobs.target, jobs.callback_url, jobs.callback_on,
       convert_to(texts.payload, 'UTF8'), convert_to(texts.original_payload, 'UTF8'), convert_to(texts.result, 'UTF8')
FROM jobs JOIN job_texts AS texts ON texts.job_id = jobs.id WHERE jobs.id = ANY ($1::uuid[])
