-- Opens a lane.
INSERT INTO lanes (tenant_id, queue, type, suspect, pending, ready, done, failed, dead, minute, minute_submitted, minute_done,
                   minute_failed, minute_retried, minute_started, minute_wait_milliseconds, minute_run_milliseconds)
VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
RETURNING id;
