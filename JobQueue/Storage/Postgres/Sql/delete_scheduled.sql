DELETE FROM scheduled USING unnest($1::bigint[], $2::uuid[]) AS taken (due_at, job_id)
WHERE (scheduled.due_at, scheduled.job_id) = (taken.due_at, taken.job_id)
