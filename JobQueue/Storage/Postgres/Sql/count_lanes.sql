INSERT INTO lane_counters AS counters (lane_id, writer, tenant_id, pending, ready, done, failed, dead)
SELECT lane_id, $1, tenant_id, pending, ready, done, failed, dead
FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::integer[])
     AS changed (lane_id, tenant_id, pending, ready, done, failed, dead)
ON CONFLICT (lane_id, writer) DO UPDATE SET
    pending = counters.pending + excluded.pending, ready = counters.ready + excluded.ready, done = counters.done + excluded.done,
    failed = counters.failed + excluded.failed, dead = counters.dead + excluded.dead
