-- Opens a lane.
INSERT INTO lanes (tenant_id, queue, type, suspect, pending, ready, done, failed, dead) VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0, 0)
RETURNING id;
