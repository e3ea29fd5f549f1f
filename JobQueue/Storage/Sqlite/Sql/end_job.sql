-- Pending or leased to failed.
UPDATE jobs SET status = 3, reason = ?2, crashes = ?3, attempts = ?4, started_at = ?5, finished_at = ?6, worker = ?7,
                error_message = ?8, error_type = ?9
WHERE id = ?1 AND status = 0;
