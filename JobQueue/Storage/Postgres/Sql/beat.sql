-- Says that this process is there, and whom it knows.
INSERT INTO processes (name, started_at, heard_at, workers) VALUES ($1, now_ms(), now_ms(), $2)
ON CONFLICT (name) DO UPDATE SET heard_at = excluded.heard_at, workers = excluded.workers
