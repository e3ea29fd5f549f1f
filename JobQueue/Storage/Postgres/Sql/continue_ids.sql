-- Ids that came with their rows are not given out again.
SELECT setval(pg_get_serial_sequence('tenants', 'id'), max(id)) FROM tenants
UNION ALL SELECT setval(pg_get_serial_sequence('users', 'id'), max(id)) FROM users
UNION ALL SELECT setval(pg_get_serial_sequence('audit', 'id'), max(id)) FROM audit
UNION ALL SELECT setval(pg_get_serial_sequence('lane_names', 'id'), max(id)) FROM lane_names
UNION ALL SELECT setval(pg_get_serial_sequence('protection_keys', 'id'), max(id)) FROM protection_keys
UNION ALL SELECT setval('siding_ids', min(id)) FROM sidings
