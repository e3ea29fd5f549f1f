INSERT INTO lane_minutes AS minutes (lane_id, minute, writer, submitted, done, failed, retried, started, wait_milliseconds, run_milliseconds)
SELECT lane_id, $2, $1, submitted, done, failed, retried, started, wait_milliseconds, run_milliseconds
FROM unnest($3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::integer[], $9::bigint[], $10::bigint[])
     AS changed (lane_id, submitted, done, failed, retried, started, wait_milliseconds, run_milliseconds)
ON CONFLICT (lane_id, minute, writer) DO UPDATE SET
    submitted = minutes.submitted + excluded.submitted, done = minutes.done + excluded.done, failed = minutes.failed + excluded.failed,
    retried = minutes.retried + excluded.retried, started = minutes.started + excluded.started,
    wait_milliseconds = minutes.wait_milliseconds + excluded.wait_milliseconds,
    run_milliseconds = minutes.run_milliseconds + excluded.run_milliseconds
