-- The same in the schedule.
UPDATE scheduled SET due_at = ?1 + wait_milliseconds WHERE wait_milliseconds IS NOT NULL AND due_at > ?1 + wait_milliseconds;
