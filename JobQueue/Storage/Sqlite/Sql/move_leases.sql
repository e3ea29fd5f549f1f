-- The clock was set: what runs began as much later or earlier, and so it goes on lasting as long as it does.
UPDATE leases SET started_at = started_at + ?1, expires_at = expires_at + ?1;
