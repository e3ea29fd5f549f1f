-- An edited payload keeps the first one readable.
UPDATE job_texts SET original_payload = coalesce(original_payload, payload), payload = convert_from($2, 'UTF8') WHERE job_id = $1
