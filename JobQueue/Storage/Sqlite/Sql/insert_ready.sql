-- Puts a job into its lane. The primary key is the order in which the lane is served.
INSERT INTO ready (lane_id, rank, due_at, job_id) VALUES (?1, ?2, ?3, ?4);
