-- The first jobs of each line, locked; who else wants them takes the next. The inner limit is exact: it is the line's own.
SELECT picked.lane_id, picked.rank, picked.due_at, picked.job_id,
       jobs.lane_id, jobs.priority, jobs.retries, jobs.max_retries, jobs.crashes, jobs.attempts, jobs.timeout_seconds, jobs.run_at, jobs.created_at,
       jobs.idempotency_key, jobs.tags, jobs.trace_id, jobs.span_id, jobs.submitted_by, jobs.target, jobs.callback_url, jobs.callback_on,
       octet_length(texts.payload)
FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::bigint[], $5::uuid[]) AS line (id, most, rank, due_at, job_id)
CROSS JOIN LATERAL (SELECT * FROM ready WHERE ready.lane_id = line.id AND (ready.rank, ready.due_at, ready.job_id) > (line.rank, line.due_at, line.job_id)
                    ORDER BY rank, due_at, job_id LIMIT line.most
                    FOR NO KEY UPDATE SKIP LOCKED) AS picked
JOIN jobs ON jobs.id = picked.job_id JOIN job_texts AS texts ON texts.job_id = picked.job_id
ORDER BY picked.lane_id, picked.rank, picked.due_at, picked.job_id
