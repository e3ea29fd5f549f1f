-- What some writers committed between two places ($1 writers, after $2, up to $3), the oldest first: at most $4 batches, and $5 bytes
-- besides the first. As events_beyond, for one who comes back: what lies between is known to be there, or to have been.
WITH picked AS MATERIALIZED (
    SELECT batches.writer, batches.number, batches.order_no, batches.body
    FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS wanted (writer, after, up_to)
    CROSS JOIN LATERAL (
        SELECT next.writer, next.number, next.order_no, next.body
        FROM event_batches AS next
        WHERE next.writer = wanted.writer AND next.number > wanted.after AND next.number <= wanted.up_to
        ORDER BY next.number LIMIT $4) AS batches
    ORDER BY batches.order_no LIMIT $4),
measured AS (
    SELECT writer, number, order_no, body, sum(octet_length(body)) OVER (ORDER BY order_no) - octet_length(body) AS before FROM picked)
SELECT writer, number, body FROM measured WHERE before <= $5 ORDER BY order_no;
