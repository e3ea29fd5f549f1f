SELECT tenant, (SELECT count(*)::integer FROM lane_names WHERE tenant_id = tenant) FROM unnest($1::integer[]) AS tenant
