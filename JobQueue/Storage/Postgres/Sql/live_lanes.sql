-- Of the tenant's lanes, those in which a job waits or runs.
SELECT lane_id FROM lane_counters WHERE tenant_id = $1 GROUP BY lane_id HAVING sum(pending) > 0
UNION
SELECT lane_id FROM leases WHERE tenant_id = $1
