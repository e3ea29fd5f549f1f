-- Opens a lane; lanes are never closed, so their ids may be kept anywhere.
INSERT INTO lanes (tenant_id, queue, type, suspect, pending, ready, done, failed, dead) VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0, 0)
RETURNING id;
