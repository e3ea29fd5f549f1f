-- A job's whole row by its key, for its lease and for commands about it. The order of columns is JobRowReader's.
SELECT id, tenant_id, lane_id, status, reason, priority, retries, max_retries, crashes, attempts, timeout_seconds,
       run_at, created_at, started_at, finished_at, worker, idempotency_key, tags, trace_id, span_id, submitted_by,
       error_message, error_type, result, original_payload, payload, target, callback_url, callback_on
FROM jobs WHERE id = ?1;
