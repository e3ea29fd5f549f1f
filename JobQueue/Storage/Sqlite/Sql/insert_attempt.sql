-- An attempt that ended without success.
INSERT INTO attempts (job_id, number, worker, started_at, finished_at, outcome, error_message, error_type)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
