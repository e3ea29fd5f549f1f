INSERT INTO sidings (id, lane_id, target) VALUES (nextval('siding_ids'), $1, $2)
ON CONFLICT (lane_id, target) DO UPDATE SET target = excluded.target RETURNING id
