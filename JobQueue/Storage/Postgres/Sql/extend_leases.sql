UPDATE leases SET expires_at = extended.expires_at, duration_milliseconds = extended.duration_milliseconds
FROM unnest($1::uuid[], $2::bigint[], $3::integer[]) AS extended (job_id, expires_at, duration_milliseconds)
WHERE leases.job_id = extended.job_id
