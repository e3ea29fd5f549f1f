-- Lines of the attempts that are about to say more, and the number of their jobs' last line.
SELECT asked.job_id, (SELECT count(*)::integer FROM job_logs WHERE job_logs.job_id = asked.job_id AND job_logs.attempt = asked.attempt),
       (SELECT coalesce(max(number), 0) FROM job_logs WHERE job_logs.job_id = asked.job_id)
FROM unnest($1::uuid[], $2::integer[]) AS asked (job_id, attempt)
