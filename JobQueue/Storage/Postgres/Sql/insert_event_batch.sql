-- Last of a commit's statements: whoever commits after having seen this one draws a higher order_no.
INSERT INTO event_batches (writer, number, order_no, at, body) VALUES ($1, $2, nextval('event_order'), now_ms(), $3);
