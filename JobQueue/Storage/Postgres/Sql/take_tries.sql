UPDATE sign_in_tries SET full_at = greatest(full_at, now_ms()) + every
FROM unnest($1::bytea[], $2::bigint[]) AS taken (key, every) WHERE sign_in_tries.key = taken.key
