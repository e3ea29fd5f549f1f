-- Keeps what is known of a target that fails.
INSERT INTO breakers (tenant_id, target, failures, first_failed_at, error_type, pause_milliseconds, known_at, rest_milliseconds)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (tenant_id, target) DO UPDATE SET
    failures = excluded.failures, error_type = excluded.error_type, pause_milliseconds = excluded.pause_milliseconds,
    known_at = excluded.known_at, rest_milliseconds = excluded.rest_milliseconds;
