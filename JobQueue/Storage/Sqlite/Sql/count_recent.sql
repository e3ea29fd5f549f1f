-- When a tenant's newest jobs were accepted: what its limit a minute has used up, after a restart.
SELECT created_at FROM jobs WHERE tenant_id = ?1 AND id >= ?2 ORDER BY id;
