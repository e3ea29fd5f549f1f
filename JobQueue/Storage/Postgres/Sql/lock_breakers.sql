-- One order for all who lock several.
SELECT tenant_id, target, failures, first_failed_at, error_type, pause_milliseconds, known_at, rest_milliseconds, probe
FROM breakers WHERE tenant_id = ANY ($1::integer[]) ORDER BY tenant_id, target FOR NO KEY UPDATE
