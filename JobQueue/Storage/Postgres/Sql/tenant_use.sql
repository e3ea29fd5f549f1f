-- What tenants use of their limits, after their locks were taken.
SELECT tenant,
       (SELECT coalesce(sum(count), 0)::integer FROM acceptances WHERE acceptances.tenant_id = tenant AND at > now_ms() - 60000),
       (SELECT coalesce(sum(pending), 0)::integer FROM lane_counters WHERE lane_counters.tenant_id = tenant),
       (SELECT count(*)::integer FROM leases WHERE leases.tenant_id = tenant)
FROM unnest($1::integer[]) AS tenant
