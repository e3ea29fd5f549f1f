-- The sidings with the number of their jobs, counted along the primary key.
SELECT id, lane_id, target, (SELECT count(*) FROM ready WHERE lane_id = sidings.id) FROM sidings;
