-- Forgets the first lines of a job's log, so many at most: they are numbered without gaps, and are a range of the primary key.
DELETE FROM job_logs WHERE job_id = ?1 AND number < (SELECT min(number) FROM job_logs WHERE job_id = ?1) + ?2;
