-- How long until so many of the oldest acceptances have left the window that one more is within the limit. $2: how many must go.
SELECT at + 60000 - now_ms()
FROM (SELECT at, sum(count) OVER (ORDER BY at) AS gone FROM acceptances WHERE tenant_id = $1 AND at > now_ms() - 60000) AS walk
WHERE gone >= $2 ORDER BY at LIMIT 1
