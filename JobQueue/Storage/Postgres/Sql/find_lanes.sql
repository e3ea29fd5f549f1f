SELECT lane_names.id, lane_names.tenant_id, lane_names.queue, lane_names.type, lane_names.suspect
FROM unnest($1::integer[], $2::text[], $3::text[], $4::boolean[]) AS asked (tenant_id, queue, type, suspect)
JOIN lane_names USING (tenant_id, queue, type, suspect)
