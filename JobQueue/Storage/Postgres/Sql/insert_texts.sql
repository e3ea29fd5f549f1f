INSERT INTO job_texts (job_id, payload)
SELECT job_id, convert_from(payload, 'UTF8') FROM unnest($1::uuid[], $2::bytea[]) AS added (job_id, payload)
