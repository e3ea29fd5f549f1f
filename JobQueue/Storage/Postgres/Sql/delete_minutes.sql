DELETE FROM lane_minutes WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM lane_minutes WHERE lane_id = ANY ($1::integer[]) AND minute < $2 LIMIT $3)) RETURNING 1
