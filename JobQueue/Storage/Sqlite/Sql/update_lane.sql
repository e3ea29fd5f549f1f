-- A lane's counters, once a commit however many of its jobs moved.
UPDATE lanes SET pending = ?2, ready = ?3, done = ?4, failed = ?5, dead = ?6 WHERE id = ?1;
