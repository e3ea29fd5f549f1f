INSERT INTO acceptances (tenant_id, at, count) SELECT * FROM unnest($1::integer[], $2::bigint[], $3::integer[])
