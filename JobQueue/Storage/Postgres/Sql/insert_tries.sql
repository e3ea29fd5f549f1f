-- Before they are locked, so that there is something to lock.
INSERT INTO sign_in_tries (key, full_at) SELECT key, 0 FROM unnest($1::bytea[]) AS key ORDER BY key ON CONFLICT (key) DO NOTHING
