INSERT INTO lane_names (tenant_id, queue, type, suspect)
SELECT * FROM unnest($1::integer[], $2::text[], $3::text[], $4::boolean[]) AS asked (tenant_id, queue, type, suspect)
ORDER BY tenant_id, queue, type, suspect
ON CONFLICT DO NOTHING RETURNING tenant_id
