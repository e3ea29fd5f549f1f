-- One line of a job's log, numbered on from the last.
INSERT INTO job_logs (job_id, number, at, attempt, message)
VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM job_logs WHERE job_id = ?1), ?2, ?3, ?4);
