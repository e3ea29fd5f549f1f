-- How many jobs that crashed twice each holder has.
SELECT leases.tenant_id, leases.worker, leases.process, count(*)::integer
FROM leases JOIN lanes ON lanes.id = leases.lane_id WHERE lanes.suspect GROUP BY leases.tenant_id, leases.worker, leases.process
