-- Lines in the log of one attempt, by the primary key: asked once for each lease that writes a log.
SELECT count(*) FROM job_logs WHERE job_id = ?1 AND attempt = ?2;
