-- Puts a job aside until it is due: the ready table stays free of it.
INSERT INTO scheduled (due_at, job_id, lane_id, rank, wait_milliseconds) VALUES (?1, ?2, ?3, ?4, ?5);
