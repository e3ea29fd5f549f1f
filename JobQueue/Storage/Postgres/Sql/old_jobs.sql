-- Of these jobs, those that retention takes: locked, so that nobody lets one run again meanwhile.
SELECT id, tenant_id, lane_id, status, reason, idempotency_key FROM jobs
WHERE id > $1 AND id <= $2 AND finished_at IS NOT NULL AND finished_at < CASE WHEN status = 2 THEN $3::bigint ELSE $4::bigint END
  AND (idempotency_key IS NULL OR created_at <= $5)
ORDER BY id FOR UPDATE SKIP LOCKED
