-- Makes a job running. The primary key makes two leases of one job impossible.
INSERT INTO leases (job_id, tenant_id, lane_id, secret, attempt, worker, process, started_at, expires_at, duration_milliseconds)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);
