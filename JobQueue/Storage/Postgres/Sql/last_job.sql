SELECT max(id::text)::uuid FROM (SELECT id FROM jobs ORDER BY id DESC LIMIT 1) AS last
