-- How many jobs that crashed twice each holder has.
SELECT leases.tenant_id, leases.worker, leases.process, count(*)::integer
FROM leases JOIN lane_names ON lane_names.id = leases.lane_id WHERE lane_names.suspect GROUP BY leases.tenant_id, leases.worker, leases.process
