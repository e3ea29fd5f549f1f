-- One process sweeps at a time.
SELECT pg_try_advisory_xact_lock(4, 1)
