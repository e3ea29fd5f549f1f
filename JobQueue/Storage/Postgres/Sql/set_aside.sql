-- Nobody takes the siding away meanwhile.
UPDATE ready SET lane_id = held.id
FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::uuid[], $5::integer[]) AS moved (lane_id, rank, due_at, job_id, siding)
CROSS JOIN LATERAL (SELECT id FROM sidings WHERE id = moved.siding FOR KEY SHARE) AS held
WHERE (ready.lane_id, ready.rank, ready.due_at, ready.job_id) = (moved.lane_id, moved.rank, moved.due_at, moved.job_id)
