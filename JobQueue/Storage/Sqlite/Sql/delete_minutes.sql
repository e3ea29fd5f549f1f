-- Forgets a lane's old minutes, so many at most: a range of the primary key.
DELETE FROM minutes WHERE lane_id = ?1 AND minute <=
    (SELECT max(minute) FROM (SELECT minute FROM minutes WHERE lane_id = ?1 AND minute < ?2 ORDER BY minute LIMIT ?3));
