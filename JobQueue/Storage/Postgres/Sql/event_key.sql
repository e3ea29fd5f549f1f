-- The key of the ids of events: that of the first who asked. $1: ours.
INSERT INTO meta (key, value) VALUES ('event_key', $1) ON CONFLICT (key) DO NOTHING;
