SELECT coalesce(max(number), 0) FROM event_batches WHERE writer = $1
