-- Of lines that seemed empty those in which something is ready all the same: another had it locked, and may leave it.
SELECT line.id FROM unnest($1::integer[]) AS line (id) WHERE EXISTS (SELECT FROM ready WHERE ready.lane_id = line.id)
