-- What all writers committed beyond a place ($1 writers, $2 their batches that were seen), in one snapshot, the oldest first: at most $6
-- batches, and $7 bytes besides the first. Bodies that the reader has ($3 writers, from $4 to $5) are left out.
-- Of each writer the next ones by its primary key, so that it costs the same however much lies behind.
WITH picked AS MATERIALIZED (
    SELECT batches.writer, batches.number, batches.order_no, batches.body
    FROM event_writers AS writers
    LEFT JOIN unnest($1::integer[], $2::bigint[]) AS seen (writer, number) ON seen.writer = writers.writer
    LEFT JOIN unnest($3::integer[], $4::bigint[], $5::bigint[]) AS own (writer, first, last) ON own.writer = writers.writer
    CROSS JOIN LATERAL (
        SELECT next.writer, next.number, next.order_no,
               CASE WHEN next.number BETWEEN own.first AND own.last THEN NULL ELSE next.body END AS body
        FROM event_batches AS next
        WHERE next.writer = writers.writer AND next.number > coalesce(seen.number, 0)
        ORDER BY next.number LIMIT $6) AS batches
    ORDER BY batches.order_no LIMIT $6),
measured AS (
    SELECT writer, number, order_no, body,
           sum(coalesce(octet_length(body), 0)) OVER (ORDER BY order_no) - coalesce(octet_length(body), 0) AS before
    FROM picked)
SELECT writer, number, body FROM measured WHERE before <= $7 ORDER BY order_no;
