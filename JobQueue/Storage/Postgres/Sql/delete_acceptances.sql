DELETE FROM acceptances WHERE at <= now_ms() - 60000
