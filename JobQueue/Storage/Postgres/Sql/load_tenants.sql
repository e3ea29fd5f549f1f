SELECT id, name, max_concurrent, max_new_per_minute, max_pending FROM tenants
