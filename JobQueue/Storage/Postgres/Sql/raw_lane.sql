-- A tenant and a lane that nobody works on, for measurements of the database itself.
WITH tenant AS (
    INSERT INTO tenants (name, created_at) VALUES ('bench-raw', now_ms()) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id),
lane AS (
    INSERT INTO lane_names (tenant_id, queue, type, suspect) SELECT id, 'raw', $1, false FROM tenant
    ON CONFLICT (tenant_id, queue, type, suspect) DO UPDATE SET queue = excluded.queue RETURNING id)
SELECT tenant.id, lane.id FROM tenant, lane
