-- Ends a session of our own that we have lost, and waits until it is gone.
SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE pid = $1 AND usename = current_user
