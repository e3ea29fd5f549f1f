-- A few of those that have all their tries back: more than one try adds.
DELETE FROM sign_in_tries WHERE key = ANY (
    ARRAY (SELECT key FROM sign_in_tries WHERE full_at <= now_ms() ORDER BY full_at LIMIT 10 FOR UPDATE SKIP LOCKED))
