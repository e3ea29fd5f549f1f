-- The clock was set: jobs whose wait was asked for in seconds are due as much later or earlier. Walks over what is scheduled.
UPDATE jobs SET run_at = run_at + ?1
FROM scheduled AS s WHERE s.wait_milliseconds IS NOT NULL AND jobs.id = s.job_id;
