-- A job that needs a person.
INSERT INTO dead_letters (job_id, tenant_id, lane_id, reason, error_message, error_type, fingerprint, attempts, dead_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);
