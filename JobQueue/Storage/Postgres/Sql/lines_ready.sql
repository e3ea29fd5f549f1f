-- Every line in which a job is ready, by leaping from one to the next.
WITH RECURSIVE line AS (
    (SELECT lane_id FROM ready ORDER BY lane_id LIMIT 1)
    UNION ALL
    SELECT (SELECT lane_id FROM ready WHERE ready.lane_id > line.lane_id ORDER BY lane_id LIMIT 1) FROM line WHERE line.lane_id IS NOT NULL)
SELECT lane_id FROM line WHERE lane_id IS NOT NULL
