SELECT EXISTS (SELECT FROM event_batches WHERE writer = $1 AND number = $2)
