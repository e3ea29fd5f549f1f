-- The lanes with their counters. One row per combination of tenant, queue and type.
SELECT id, tenant_id, queue, type, suspect, pending, ready, done, failed, dead FROM lanes;
