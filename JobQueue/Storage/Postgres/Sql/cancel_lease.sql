UPDATE leases SET cancel_requested_at = coalesce(cancel_requested_at, now_ms()) WHERE job_id = $1
