-- At start: a clock that was set back while no server ran would prolong waits that were asked for in seconds.
UPDATE jobs SET run_at = ?1 + s.wait_milliseconds
FROM scheduled AS s WHERE s.wait_milliseconds IS NOT NULL AND s.due_at > ?1 + s.wait_milliseconds AND jobs.id = s.job_id;
