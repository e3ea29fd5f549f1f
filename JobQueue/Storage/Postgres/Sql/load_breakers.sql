SELECT tenant_id, target, failures, first_failed_at, error_type, pause_milliseconds, known_at, rest_milliseconds, probe FROM breakers
