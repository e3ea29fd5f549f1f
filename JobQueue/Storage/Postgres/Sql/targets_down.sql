-- Targets that are left alone, with how many jobs wait for each. $1: the tenant, or null for all.
SELECT breakers.tenant_id, tenants.name, breakers.target, breakers.failures, breakers.error_type, breakers.known_at + breakers.rest_milliseconds,
       (SELECT count(*)::integer FROM sidings JOIN lane_names ON lane_names.id = sidings.lane_id JOIN ready ON ready.lane_id = sidings.id
        WHERE sidings.target = breakers.target AND lane_names.tenant_id = breakers.tenant_id)
FROM breakers JOIN tenants ON tenants.id = breakers.tenant_id
WHERE breakers.pause_milliseconds > 0 AND ($1::integer IS NULL OR breakers.tenant_id = $1::integer) ORDER BY tenants.name, breakers.target
