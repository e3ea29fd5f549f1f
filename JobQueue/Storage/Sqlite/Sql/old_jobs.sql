-- The next jobs accepted in a range of time, oldest first, for retention to look at: off the primary key, in slices.
SELECT id, tenant_id, lane_id, status, reason, finished_at, created_at, idempotency_key, callback_on
FROM jobs WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT ?3;
