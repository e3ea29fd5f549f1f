-- An attempt that counts for nothing but perhaps a crash: ready again at once, in the lane that fits its crashes.
UPDATE jobs SET lane_id = ?2, crashes = ?3, attempts = ?4, started_at = ?5, worker = ?6
WHERE id = ?1 AND status = 0;
