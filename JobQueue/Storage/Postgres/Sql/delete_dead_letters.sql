WITH doomed AS MATERIALIZED (
    SELECT job_id FROM dead_letters WHERE job_id = ANY ($1::uuid[]) ORDER BY tenant_id, fingerprint, job_id FOR UPDATE)
DELETE FROM dead_letters USING doomed WHERE dead_letters.job_id = doomed.job_id
