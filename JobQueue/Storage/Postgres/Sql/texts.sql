SELECT job_id, convert_to(payload, 'UTF8'), convert_to(original_payload, 'UTF8'), convert_to(result, 'UTF8')
FROM job_texts WHERE job_id = ANY ($1::uuid[])
