-- Those that died a day ago.
DELETE FROM processes WHERE heard_at < now_ms() - 86400000
