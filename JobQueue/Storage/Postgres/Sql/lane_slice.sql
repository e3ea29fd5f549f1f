-- The next lanes, and whether one seems to be empty.
SELECT lanes.id, NOT EXISTS (SELECT FROM lane_counters AS counters WHERE counters.lane_id = lanes.id
                             HAVING (sum(pending), sum(done), sum(failed)) <> (0, 0, 0))
FROM lanes WHERE lanes.id > $1 ORDER BY lanes.id LIMIT $2
