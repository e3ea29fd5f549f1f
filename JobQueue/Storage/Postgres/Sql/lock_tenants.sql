-- A command of its own before the one that counts: the count must see what was committed while the lock was waited for. $1: which limit.
SELECT count(pg_advisory_xact_lock($1, tenant)) FROM unnest($2::integer[]) AS tenant
