-- After how many milliseconds each has all its tries back. Below zero for what has them.
SELECT key, full_at - now_ms() FROM sign_in_tries WHERE key = ANY ($1::bytea[]) ORDER BY key FOR NO KEY UPDATE
