DELETE FROM lane_names WHERE id = ANY ($1::integer[])
