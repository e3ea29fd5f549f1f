SELECT lane_id FROM lane_counters WHERE lane_id = ANY ($1::integer[]) ORDER BY lane_id, writer FOR UPDATE
