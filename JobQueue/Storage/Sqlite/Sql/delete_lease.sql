-- Ends a lease if it is the current one: the fence. One row changed means that the caller won.
DELETE FROM leases WHERE job_id = ?1 AND secret = ?2;
