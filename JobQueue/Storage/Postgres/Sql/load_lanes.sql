SELECT id, tenant_id, queue, type, suspect FROM lanes WHERE id = ANY ($1::integer[])
