SELECT id, lane_id, target FROM sidings
