-- A person lets a failed job run again. An edited payload keeps the first one readable.
UPDATE jobs SET status = 0, reason = NULL, lane_id = ?2, retries = 0, crashes = 0, run_at = ?3, finished_at = NULL,
                error_message = NULL, error_type = NULL,
                original_payload = CASE WHEN ?4 IS NULL THEN original_payload ELSE coalesce(original_payload, payload) END,
                target = CASE WHEN ?4 IS NULL THEN target ELSE ?5 END, payload = coalesce(?4, payload)
WHERE id = ?1 AND status = 3;
