DELETE FROM callbacks WHERE ended_id = ANY ($1::uuid[])
