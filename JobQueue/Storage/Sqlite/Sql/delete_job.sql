-- Removes an ended job; attempts, log and dead letter go with it.
DELETE FROM jobs WHERE id = ?1 AND status <> 0;
