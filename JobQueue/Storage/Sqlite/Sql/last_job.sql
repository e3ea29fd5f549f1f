-- The newest id, which the next one must exceed.
SELECT id FROM jobs ORDER BY id DESC LIMIT 1;
