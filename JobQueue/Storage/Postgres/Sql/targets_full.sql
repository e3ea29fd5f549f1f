-- Targets to which a process, or a tenant's worker, makes as many calls as it may. 0 stands for a process.
SELECT DISTINCT jobs.target, CASE WHEN leases.process IS NULL THEN leases.tenant_id ELSE 0 END
FROM leases JOIN jobs ON jobs.id = leases.job_id WHERE jobs.target IS NOT NULL
GROUP BY jobs.target, CASE WHEN leases.process IS NULL THEN leases.tenant_id ELSE 0 END, CASE WHEN leases.process IS NULL THEN leases.worker ELSE leases.process END
HAVING count(*) >= $1
