-- The next lanes, and whether one seems to be empty.
SELECT lane_names.id, NOT EXISTS (SELECT FROM lane_counters AS counters WHERE counters.lane_id = lane_names.id
                             HAVING (sum(pending), sum(done), sum(failed)) <> (0, 0, 0))
FROM lane_names WHERE lane_names.id > $1 ORDER BY lane_names.id LIMIT $2
