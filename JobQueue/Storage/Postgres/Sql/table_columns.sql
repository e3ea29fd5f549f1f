-- A table's columns with their types and their places in its primary key.
SELECT attname, format_type(atttypid, NULL), places.place
FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
LEFT JOIN LATERAL unnest(indkey) WITH ORDINALITY AS places (attnum, place) ON places.attnum = pg_attribute.attnum
WHERE attrelid = to_regclass($1) AND pg_attribute.attnum > 0 AND NOT attisdropped ORDER BY pg_attribute.attnum
