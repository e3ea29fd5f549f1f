-- What happened in a lane in a minute that is over.
INSERT INTO minutes (lane_id, minute, submitted, done, failed, retried, started, wait_milliseconds, run_milliseconds)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (lane_id, minute) DO UPDATE SET
    submitted = submitted + excluded.submitted, done = done + excluded.done, failed = failed + excluded.failed,
    retried = retried + excluded.retried, started = started + excluded.started,
    wait_milliseconds = wait_milliseconds + excluded.wait_milliseconds,
    run_milliseconds = run_milliseconds + excluded.run_milliseconds;
