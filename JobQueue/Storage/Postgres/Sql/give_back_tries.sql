UPDATE sign_in_tries SET full_at = full_at - every
FROM unnest($1::bytea[], $2::bigint[]) AS taken (key, every) WHERE sign_in_tries.key = taken.key
