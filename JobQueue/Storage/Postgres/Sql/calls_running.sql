-- How many calls to each target each holder has under way.
SELECT jobs.target, leases.tenant_id, leases.worker, leases.process, count(*)::integer
FROM leases JOIN jobs ON jobs.id = leases.job_id WHERE jobs.target IS NOT NULL GROUP BY jobs.target, leases.tenant_id, leases.worker, leases.process
