-- When a tenant's newest jobs were accepted: what its limit a minute has used up, after a restart. Nothing of the future counts,
-- which a clock that was set back leaves behind, nothing that came with the sample, and no callback.
SELECT created_at FROM jobs
WHERE tenant_id = ?1 AND id >= ?2 AND id > coalesce((SELECT unhex(value) FROM meta WHERE key = 'last_sample_job'), x'')
  AND created_at <= ?3 AND submitted_by NOT LIKE 'callback:%'
ORDER BY id;
