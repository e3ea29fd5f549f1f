-- The next jobs of a lane, in order, straight off the primary key.
SELECT rank, due_at, job_id FROM ready WHERE lane_id = ?1 ORDER BY rank, due_at, job_id LIMIT ?2;
