-- Targets that nobody has called since they failed, and that no job waits for.
DELETE FROM breakers WHERE known_at < CASE WHEN pause_milliseconds > 0 THEN $1::bigint ELSE $2::bigint END
  AND NOT EXISTS (SELECT FROM sidings JOIN lane_names ON lane_names.id = sidings.lane_id JOIN ready ON ready.lane_id = sidings.id
                  WHERE sidings.target = breakers.target AND lane_names.tenant_id = breakers.tenant_id)
RETURNING 1
