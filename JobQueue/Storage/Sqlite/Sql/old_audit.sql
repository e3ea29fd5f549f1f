-- The oldest entries of the audit log, for retention to look at. They rise by id and by time.
SELECT id, at FROM audit ORDER BY id LIMIT ?1;
