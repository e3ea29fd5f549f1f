-- Asks the holder to stop; the first request's time stays.
UPDATE leases SET cancel_requested_at = coalesce(cancel_requested_at, ?2) WHERE job_id = ?1;
