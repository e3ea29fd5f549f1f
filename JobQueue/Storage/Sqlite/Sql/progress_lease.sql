-- What a heartbeat says of the attempt's progress.
UPDATE leases SET progress_percent = ?3, progress_message = ?4 WHERE job_id = ?1 AND secret = ?2;
