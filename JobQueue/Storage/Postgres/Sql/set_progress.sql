UPDATE leases SET progress_percent = said.percent, progress_message = said.message
FROM unnest($1::uuid[], $2::double precision[], $3::text[]) AS said (job_id, percent, message) WHERE leases.job_id = said.job_id
