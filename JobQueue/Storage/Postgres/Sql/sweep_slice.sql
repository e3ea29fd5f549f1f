-- The next jobs accepted in a range of time: how many, and the last.
SELECT count(*)::integer, max(id::text)::uuid FROM (SELECT id FROM jobs WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3) AS slice
