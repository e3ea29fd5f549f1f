-- Forgets what happened in a lane long ago: a range of the primary key.
DELETE FROM minutes WHERE lane_id = ?1 AND minute < ?2;
