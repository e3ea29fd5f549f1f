-- The lanes with their counters. One row per combination of tenant, queue and type.
SELECT id, tenant_id, queue, type, suspect, pending, ready, done, failed, dead, minute, minute_submitted, minute_done, minute_failed,
       minute_retried, minute_started, minute_wait_milliseconds, minute_run_milliseconds
FROM lanes;
