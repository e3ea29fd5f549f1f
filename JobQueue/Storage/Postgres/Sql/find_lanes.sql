SELECT lanes.id, lanes.tenant_id, lanes.queue, lanes.type, lanes.suspect
FROM unnest($1::integer[], $2::text[], $3::text[], $4::boolean[]) AS asked (tenant_id, queue, type, suspect)
JOIN lanes USING (tenant_id, queue, type, suspect)
