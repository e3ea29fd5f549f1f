-- Accepts a job. Touches the table, its key, and ix_jobs_tenant, all of which grow at their end.
INSERT INTO jobs (id, tenant_id, lane_id, status, priority, retries, max_retries, crashes, attempts, timeout_seconds,
                  run_at, created_at, idempotency_key, tags, trace_id, span_id, submitted_by, payload, target,
                  callback_url, callback_on)
VALUES (?1, ?2, ?3, 0, ?4, 0, ?5, 0, 0, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17);
