-- Last of a commit's statements: whoever commits after having seen this one draws a higher order_no.
INSERT INTO event_batches (writer, number, order_no, at, written, body)
VALUES ($1, $2, nextval('event_order'), now_ms(),
        octet_length($3::bytea) + coalesce((SELECT written FROM event_batches WHERE writer = $1 AND number = $2 - 1), 0), $3)
RETURNING order_no
