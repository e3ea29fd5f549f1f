-- A number that no other writer has now. It is held by the session, so that it is free when that ends, however it ends.
SELECT pg_try_advisory_lock(3, $1)
