-- Takes a job out of wherever it waits: its lane, a siding of it, or the schedule. Answers the line, or nothing for the schedule.
WITH gone AS (DELETE FROM ready WHERE job_id = $2 AND rank = $3 AND due_at = $4
                  AND lane_id IN (SELECT $1 UNION ALL SELECT id FROM sidings WHERE lane_id = $1) RETURNING lane_id),
     later AS (DELETE FROM scheduled WHERE due_at = $4 AND job_id = $2 RETURNING 0)
SELECT lane_id FROM gone UNION ALL SELECT 0 FROM later
