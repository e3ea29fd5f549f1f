SELECT due_at, job_id, lane_id, rank FROM scheduled WHERE due_at <= now_ms() ORDER BY due_at, job_id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
