-- The targets that failed last they were called.
SELECT tenant_id, target, failures, first_failed_at, error_type, pause_milliseconds, known_at, rest_milliseconds FROM breakers;
