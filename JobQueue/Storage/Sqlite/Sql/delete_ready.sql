-- Takes one job out of its lane, by its whole key.
DELETE FROM ready WHERE lane_id = ?1 AND rank = ?2 AND due_at = ?3 AND job_id = ?4;
