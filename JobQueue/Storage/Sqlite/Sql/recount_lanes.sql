-- At start: counters that disagree with the rows are put right, whatever made them wrong. Walks over what waits, not over what ended.
-- What stands in a siding is pending in its lane, and not ready.
WITH waiting AS (
    SELECT lane_id, sum(ready) AS ready, sum(pending) AS pending
    FROM (SELECT lane_id, count(*) AS ready, count(*) AS pending FROM ready GROUP BY lane_id
          UNION ALL
          SELECT sidings.lane_id, 0, count(*) FROM ready JOIN sidings ON sidings.id = ready.lane_id GROUP BY sidings.id
          UNION ALL
          SELECT lane_id, 0, count(*) FROM scheduled GROUP BY lane_id)
    GROUP BY lane_id)
UPDATE lanes SET ready = coalesce((SELECT ready FROM waiting WHERE lane_id = lanes.id), 0),
                 pending = coalesce((SELECT pending FROM waiting WHERE lane_id = lanes.id), 0)
WHERE ready <> coalesce((SELECT ready FROM waiting WHERE lane_id = lanes.id), 0)
   OR pending <> coalesce((SELECT pending FROM waiting WHERE lane_id = lanes.id), 0);
