DELETE FROM ready USING unnest($1::integer[], $2::integer[], $3::bigint[], $4::uuid[]) AS taken (lane_id, rank, due_at, job_id)
WHERE (ready.lane_id, ready.rank, ready.due_at, ready.job_id) = (taken.lane_id, taken.rank, taken.due_at, taken.job_id)
