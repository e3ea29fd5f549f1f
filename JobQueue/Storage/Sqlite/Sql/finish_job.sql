-- Pending (and leased until now) to done.
UPDATE jobs SET status = 2, result = ?2, attempts = ?3, started_at = ?4, finished_at = ?5, worker = ?6,
                error_message = NULL, error_type = NULL
WHERE id = ?1 AND status = 0;
