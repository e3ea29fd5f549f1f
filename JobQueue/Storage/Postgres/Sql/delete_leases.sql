DELETE FROM leases USING unnest($1::uuid[], $2::bigint[]) AS ended (job_id, secret)
WHERE leases.job_id = ended.job_id AND leases.secret = ended.secret
