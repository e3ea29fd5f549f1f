SELECT tenant_id, count(*)::integer FROM leases WHERE tenant_id = ANY ($1::integer[]) GROUP BY tenant_id
