WITH minutes AS (DELETE FROM lane_minutes WHERE lane_id = ANY ($1::integer[])),
     counters AS (DELETE FROM lane_counters WHERE lane_id = ANY ($1::integer[])),
     aside AS (DELETE FROM sidings WHERE lane_id = ANY ($1::integer[]))
SELECT 1
