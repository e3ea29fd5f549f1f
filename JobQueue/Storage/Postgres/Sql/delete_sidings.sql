DELETE FROM sidings WHERE id = ANY ($1::integer[]) AND NOT EXISTS (SELECT FROM ready WHERE ready.lane_id = sidings.id)
