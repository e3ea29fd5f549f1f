-- Forgets entries of the audit log that are past their time, oldest first, in slices off the primary key.
DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT ?2) AND at < ?1;
