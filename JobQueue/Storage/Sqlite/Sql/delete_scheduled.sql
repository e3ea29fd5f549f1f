-- Takes one job out of the schedule, by its whole key.
DELETE FROM scheduled WHERE due_at = ?1 AND job_id = ?2;
