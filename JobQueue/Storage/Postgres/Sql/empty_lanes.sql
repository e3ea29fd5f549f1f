-- Of these lanes, those in which no job waits, runs or has ended.
SELECT id FROM lanes WHERE id = ANY ($1::integer[])
  AND NOT EXISTS (SELECT FROM leases WHERE leases.lane_id = lanes.id)
  AND NOT EXISTS (SELECT FROM lane_counters AS counters WHERE counters.lane_id = lanes.id
                  HAVING (sum(pending), sum(done), sum(failed)) <> (0, 0, 0))
