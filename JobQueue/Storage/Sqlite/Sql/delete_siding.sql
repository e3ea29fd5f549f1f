-- Closes a siding that holds no job any more.
DELETE FROM sidings WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM ready WHERE lane_id = ?1);
