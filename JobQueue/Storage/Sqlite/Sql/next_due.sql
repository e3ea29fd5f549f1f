-- When the next scheduled job is due: the first row of the primary key.
SELECT due_at FROM scheduled ORDER BY due_at, job_id LIMIT 1;
