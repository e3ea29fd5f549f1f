-- The same in the schedule. Walks over what is scheduled; no two rows can meet, as each has a job of its own.
UPDATE scheduled SET due_at = due_at + ?1 WHERE wait_milliseconds IS NOT NULL;
