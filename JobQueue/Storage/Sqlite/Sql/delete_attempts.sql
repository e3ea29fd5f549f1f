-- Forgets the first attempts of a job, so many at most: a range of the primary key.
DELETE FROM attempts WHERE job_id = ?1 AND number < (SELECT min(number) FROM attempts WHERE job_id = ?1) + ?2;
