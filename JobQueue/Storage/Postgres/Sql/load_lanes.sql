SELECT id, tenant_id, queue, type, suspect FROM lane_names WHERE id = ANY ($1::integer[])
