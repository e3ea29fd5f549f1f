-- A lane's counters and what happened in its latest minute, once a commit however many of its jobs moved.
UPDATE lanes SET pending = ?2, ready = ?3, done = ?4, failed = ?5, dead = ?6, minute = ?7, minute_submitted = ?8, minute_done = ?9,
                 minute_failed = ?10, minute_retried = ?11, minute_started = ?12, minute_wait_milliseconds = ?13,
                 minute_run_milliseconds = ?14
WHERE id = ?1;
