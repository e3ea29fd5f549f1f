-- Of these lanes, those in which no job waits, runs or has ended.
SELECT id FROM lane_names WHERE id = ANY ($1::integer[])
  AND NOT EXISTS (SELECT FROM leases WHERE leases.lane_id = lane_names.id)
  AND NOT EXISTS (SELECT FROM lane_counters AS counters WHERE counters.lane_id = lane_names.id
                  HAVING (sum(pending), sum(done), sum(failed)) <> (0, 0, 0))
