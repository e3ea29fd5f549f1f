-- The other processes, how long ago each was heard of, and of one that is silent when the last of its jobs comes back. $2: how long a process may be silent.
SELECT name, now_ms() - heard_at, workers,
       CASE WHEN now_ms() - heard_at > $2 THEN (SELECT max(expires_at) - now_ms() FROM leases WHERE leases.process = processes.name) END
FROM processes WHERE name <> $1
