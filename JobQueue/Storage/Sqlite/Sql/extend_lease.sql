-- A heartbeat without news.
UPDATE leases SET expires_at = ?3, duration_milliseconds = ?4 WHERE job_id = ?1 AND secret = ?2;
