-- Those that seem to be empty. From now on nobody puts a job there.
SELECT id FROM sidings WHERE NOT EXISTS (SELECT FROM ready WHERE ready.lane_id = sidings.id) ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
