-- Deletes the oldest batches of events, at most $3: those older than $1 milliseconds, and of the others so many that $2 bytes are left.
-- Never a writer's last one, by which its numbers go on. Another process that is at it is passed by.
WITH kept AS MATERIALIZED (
    SELECT writers.writer, writers.last, newest.written - oldest.written + octet_length(oldest.body) AS bytes
    FROM event_writers AS writers
    JOIN event_batches AS oldest ON oldest.writer = writers.writer AND oldest.number = writers.first
    JOIN event_batches AS newest ON newest.writer = writers.writer AND newest.number = writers.last),
walked AS MATERIALIZED (
    SELECT writer, number, at, sum(bytes) OVER (ORDER BY order_no) - bytes AS before
    FROM (SELECT writer, number, order_no, at, octet_length(body) AS bytes
          FROM event_batches AS batches
          WHERE NOT EXISTS (SELECT FROM kept WHERE kept.writer = batches.writer AND kept.last = batches.number)
          ORDER BY order_no LIMIT $3) AS oldest),
doomed AS MATERIALIZED (
    SELECT batches.writer, batches.number
    FROM walked JOIN event_batches AS batches ON batches.writer = walked.writer AND batches.number = walked.number
    WHERE walked.at < now_ms() - $1 OR walked.before < (SELECT sum(bytes) FROM kept) - $2
    FOR UPDATE OF batches SKIP LOCKED),
deleted AS (
    DELETE FROM event_batches USING doomed WHERE event_batches.writer = doomed.writer AND event_batches.number = doomed.number
    RETURNING 1)
SELECT count(*)::integer FROM deleted;
