-- Deletes batches of events that are among the $3 oldest: those older than $1 milliseconds, and of the others so many that $2 bytes are
-- left. Never a writer's last one, by which its numbers go on. Each part is such that it is cheap whatever the planner believes.
WITH kept AS MATERIALIZED (
    SELECT writer, last,
           (SELECT written FROM event_batches AS newest WHERE newest.writer = writers.writer AND newest.number = writers.last)
           - (SELECT written - octet_length(body) FROM event_batches AS oldest WHERE oldest.writer = writers.writer AND oldest.number = writers.first) AS bytes
    FROM event_writers AS writers),
oldest AS MATERIALIZED (
    SELECT ctid AS place, writer, number, order_no, at, octet_length(body) AS bytes FROM event_batches ORDER BY order_no LIMIT $3),
walked AS MATERIALIZED (
    SELECT place, at, sum(bytes) OVER (ORDER BY order_no) - bytes AS before
    FROM oldest
    WHERE NOT EXISTS (SELECT FROM kept WHERE kept.writer = oldest.writer AND kept.last = oldest.number)),
deleted AS (
    DELETE FROM event_batches
    WHERE ctid = ANY (ARRAY (SELECT place FROM walked WHERE at < (SELECT now_ms()) - $1 OR before < (SELECT sum(bytes) FROM kept) - $2))
    RETURNING 1)
SELECT count(*)::integer FROM deleted;
