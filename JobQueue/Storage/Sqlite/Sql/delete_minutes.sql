-- Forgets a lane's old minutes: a range of the primary key.
DELETE FROM minutes WHERE lane_id = ?1 AND minute < ?2;
