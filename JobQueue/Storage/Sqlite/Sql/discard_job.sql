-- A person gives a dead letter up: the job stays, failed.
UPDATE jobs SET reason = 5 WHERE id = ?1 AND status = 3;
