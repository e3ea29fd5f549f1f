INSERT INTO jobs (id, tenant_id, lane_id, status, priority, retries, max_retries, crashes, attempts, timeout_seconds, run_at, created_at,
                  idempotency_key, tags, trace_id, span_id, submitted_by, target, callback_url, callback_on)
SELECT id, tenant_id, lane_id, 0, priority, 0, max_retries, 0, 0, timeout_seconds, run_at, created_at,
       idempotency_key, tags, trace_id, span_id, submitted_by, target, callback_url, callback_on
FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::bigint[], $8::bigint[], $9::text[],
            $10::text[], $11::bytea[], $12::bytea[], $13::text[], $14::text[], $15::text[], $16::integer[])
     AS added (id, tenant_id, lane_id, priority, max_retries, timeout_seconds, run_at, created_at, idempotency_key, tags, trace_id, span_id,
               submitted_by, target, callback_url, callback_on)
