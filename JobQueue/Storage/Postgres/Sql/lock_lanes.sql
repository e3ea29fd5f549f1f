-- From now on no writer begins to count there.
SELECT id FROM lane_names WHERE id = ANY ($1::integer[]) ORDER BY id FOR UPDATE
