-- Opens a siding: its jobs stand in the table of ready jobs under its id, which is below zero.
INSERT INTO sidings (id, lane_id, target) VALUES (?1, ?2, ?3);
