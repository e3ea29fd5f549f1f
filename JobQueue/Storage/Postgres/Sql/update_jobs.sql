-- Every move of a job but its acceptance and its lease: what it becomes, if it still stands as it was read.
UPDATE jobs SET lane_id = moved.lane_id, status = moved.status, reason = moved.reason, retries = moved.retries, crashes = moved.crashes,
                run_at = moved.run_at, attempts = moved.attempts, started_at = moved.started_at, finished_at = moved.finished_at,
                worker = moved.worker, error_message = moved.error_message, error_type = moved.error_type
FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::bigint[], $9::integer[],
            $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::text[])
     AS moved (id, was, lane_id, status, reason, retries, crashes, run_at, attempts, started_at, finished_at, worker, error_message, error_type)
WHERE jobs.id = moved.id AND jobs.status = moved.was
