-- Jobs that have become due, the longest due first, in slices.
SELECT due_at, job_id, lane_id, rank FROM scheduled WHERE due_at <= ?1 ORDER BY due_at, job_id LIMIT ?2;
