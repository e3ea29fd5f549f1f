-- What a foreign key would say where none is, so that nobody waits for it; and that no writer's events have a gap. Walks over all rows.
WITH found AS (
    SELECT 'texts' AS kind, format('Job %s has no texts.', id) AS line
    FROM jobs WHERE NOT EXISTS (SELECT FROM job_texts WHERE job_id = jobs.id)
    UNION ALL
    SELECT 'jobs of texts', format('There are texts of job %s, which is missing.', job_id)
    FROM job_texts WHERE NOT EXISTS (SELECT FROM jobs WHERE id = job_texts.job_id)
    UNION ALL
    SELECT 'jobs of attempts', format('There are attempts of job %s, which is missing.', job_id)
    FROM (SELECT DISTINCT job_id FROM attempts) AS told WHERE NOT EXISTS (SELECT FROM jobs WHERE id = told.job_id)
    UNION ALL
    SELECT 'jobs of logs', format('There are log lines of job %s, which is missing.', job_id)
    FROM (SELECT DISTINCT job_id FROM job_logs) AS told WHERE NOT EXISTS (SELECT FROM jobs WHERE id = told.job_id)
    UNION ALL
    SELECT 'kinds', format('Dead letters %s of tenant %s: their counter says %s, there are %s.', fingerprint, tenant_id, coalesce(says, 0), coalesce(rows, 0))
    FROM (SELECT tenant_id, fingerprint, count AS says FROM dead_letter_kinds) AS kinds
    FULL JOIN (SELECT tenant_id, fingerprint, count(*) AS rows FROM dead_letters GROUP BY tenant_id, fingerprint) AS letters USING (tenant_id, fingerprint)
    WHERE says IS DISTINCT FROM rows
    UNION ALL
    SELECT 'tenants', format('Counters of lane %s belong to tenant %s, the lane to tenant %s.', lane_names.id, lane_counters.tenant_id, lane_names.tenant_id)
    FROM lane_counters JOIN lane_names ON lane_names.id = lane_counters.lane_id WHERE lane_counters.tenant_id <> lane_names.tenant_id
    UNION ALL
    SELECT 'events', format('The events of writer %s have a gap.', writer)
    FROM event_batches GROUP BY writer HAVING max(number) - min(number) + 1 <> count(*)),
numbered AS (SELECT line, row_number() OVER (PARTITION BY kind ORDER BY line) AS place FROM found)
SELECT line FROM numbered WHERE place <= 20 ORDER BY line
