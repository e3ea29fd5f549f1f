DELETE FROM lanes WHERE id = ANY ($1::integer[])
