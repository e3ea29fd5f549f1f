namespace JobQueue.Storage.Moving;

/// <summary>A table of PostgreSQL, and where its rows are in SQLite.</summary>
/// <param name="Name">Its columns and its key are read from the database.</param>
/// <param name="Source">A table or a query in parentheses that has columns of the same names.</param>
/// <param name="Key">The columns that order the rows of a table without a primary key.</param>
/// <param name="IsCounted">Whether the database writes the rows by itself while others are copied.</param>
internal sealed record MovedTable(string Name, string Source, string? Key = null, bool IsCounted = false)
{
    /// <summary>Parameters of a source: the keys as JSON, and what a minute ago is.</summary>
    public const string Keys = "$keys";

    public const string Now = "$now";
    public const string FirstId = "$first_id";

    /// <summary>Every table that is moved, each after those it refers to. What only processes tell each other is not.</summary>
    public static IReadOnlyList<MovedTable> All { get; } =
    [
        // The rest tells where the jobs of the sample end, which count towards no limit.
        new("meta", "(SELECT key, value FROM meta WHERE key <> 'last_sample_job')"),
        new("protection_keys", $"(SELECT key + 1 AS id, value ->> 'name' AS name, value ->> 'xml' AS xml FROM json_each({Keys}))"),
        Same("tenants"),
        Same("users"),
        Same("tokens"),
        Same("signing_secrets"),
        Same("audit"),
        Same("paused_queues"),
        new("lane_names", "lanes"),
        new("lane_counters", "(SELECT id AS lane_id, 0 AS writer, tenant_id, pending, ready, done, failed, dead FROM lanes)"),
        // The latest minute of a lane stands in its own row.
        new("lane_minutes", """
            (SELECT lane_id, minute, 0 AS writer, sum(submitted) AS submitted, sum(done) AS done, sum(failed) AS failed, sum(retried) AS retried,
                    sum(started) AS started, sum(wait_milliseconds) AS wait_milliseconds, sum(run_milliseconds) AS run_milliseconds
             FROM (SELECT lane_id, minute, submitted, done, failed, retried, started, wait_milliseconds, run_milliseconds FROM minutes
                   UNION ALL
                   SELECT id, minute, minute_submitted, minute_done, minute_failed, minute_retried, minute_started, minute_wait_milliseconds,
                          minute_run_milliseconds
                   FROM lanes WHERE minute > 0)
             GROUP BY lane_id, minute)
            """),
        Same("jobs"),
        new("job_texts", "(SELECT id AS job_id, payload, original_payload, result FROM jobs)"),
        Same("ready"),
        Same("scheduled"),
        // What a server's own workers held died with it: over, it is taken back as a crash, as the next start on the file would.
        new("leases", """
            (SELECT leases.job_id, leases.tenant_id, leases.lane_id, secret, attempt, leases.worker, process, leases.started_at,
                    iif(process IS NULL, expires_at, leases.started_at) AS expires_at, leases.started_at + timeout_seconds * 1000 AS timeout_at,
                    duration_milliseconds, cancel_requested_at, progress_percent, progress_message
             FROM leases JOIN jobs ON jobs.id = leases.job_id)
            """),
        Same("sidings"),
        new("breakers", "(SELECT *, NULL AS probe FROM breakers)"),
        Same("attempts"),
        Same("job_logs"),
        Same("dead_letters"),
        new("dead_letter_kinds", "dead_letter_kinds", IsCounted: true),
        Same("idempotency_keys"),
        Same("callbacks"),
        // As the start of a server counts them: what is of the last minute by the clock here.
        new("acceptances", $"""
            (SELECT tenant_id, jobs.created_at + 1 AS at, count(*) AS count
             FROM tenants JOIN jobs ON jobs.tenant_id = tenants.id
             WHERE max_new_per_minute IS NOT NULL AND jobs.id >= {FirstId} AND jobs.created_at <= {Now}
               AND jobs.id > coalesce((SELECT unhex(value) FROM meta WHERE key = 'last_sample_job'), x'')
               AND submitted_by NOT LIKE 'callback:%'
             GROUP BY tenant_id, jobs.created_at)
            """, Key: "tenant_id, at"),
    ];

    private static MovedTable Same(string name) => new(name, name);
}
