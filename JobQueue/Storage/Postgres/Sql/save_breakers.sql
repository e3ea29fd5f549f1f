INSERT INTO breakers (tenant_id, target, failures, first_failed_at, error_type, pause_milliseconds, known_at, rest_milliseconds, probe)
SELECT * FROM unnest($1::integer[], $2::text[], $3::integer[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::uuid[])
     AS saved (tenant_id, target, failures, first_failed_at, error_type, pause_milliseconds, known_at, rest_milliseconds, probe)
ORDER BY tenant_id, target
ON CONFLICT (tenant_id, target) DO UPDATE SET
    failures = excluded.failures, first_failed_at = excluded.first_failed_at, error_type = excluded.error_type,
    pause_milliseconds = excluded.pause_milliseconds, known_at = excluded.known_at, rest_milliseconds = excluded.rest_milliseconds,
    probe = excluded.probe
