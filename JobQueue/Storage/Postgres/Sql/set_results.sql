UPDATE job_texts SET result = convert_from(added.result, 'UTF8')
FROM unnest($1::uuid[], $2::bytea[]) AS added (job_id, result) WHERE job_texts.job_id = added.job_id
