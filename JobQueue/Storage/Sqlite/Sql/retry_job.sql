-- A failed attempt with retries left: pending again, due later.
UPDATE jobs SET retries = retries + 1, run_at = ?2, attempts = ?3, started_at = ?4, worker = ?5, error_message = ?6, error_type = ?7
WHERE id = ?1 AND status = 0;
