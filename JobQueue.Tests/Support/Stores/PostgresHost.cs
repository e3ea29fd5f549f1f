using JobQueue.Storage;
using JobQueue.Tenants;
using JobQueue.Tests.Support.Postgres;
using Npgsql;

namespace JobQueue.Tests.Support.Stores;

/// <summary>A database on the tests' PostgreSQL. Each process on it logs in under a name of its own, so that it can be cut off alone.</summary>
internal sealed class PostgresHost : IStoreHost
{
    private readonly PostgresCluster _cluster;
    private readonly PostgresClock _clock;
    private readonly string _database;
    private readonly string _process;
    private readonly bool _owned;
    private readonly TemporaryFolder _folder = new();

    private PostgresHost(PostgresCluster cluster, string database, PostgresClock clock, string process, bool owned) =>
        (_cluster, _database, _clock, _process, _owned) = (cluster, database, clock, process, owned);

    public TestClock Time => _clock.Time;

    /// <summary>The period of leases that tests ask for, and a little.</summary>
    public TimeSpan DeathIsKnownAfter => TimeSpan.FromSeconds(31);

    public string Folder => _folder.Path;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Storage:Provider"] = StorageOptions.Postgres,
        ["ConnectionStrings:JobQueue"] = _cluster.ConnectionString(_database, _process),
    };

    public static async Task<IStoreHost> CreateAsync(CancellationToken cancellationToken)
    {
        var (cluster, database) = await PostgresOfTests.CreateDatabaseAsync(cancellationToken);
        return await ServeAsync(cluster, database, TestClock.AtNoon(), cancellationToken);
    }

    /// <summary>A database that somebody else has made. It goes with this one.</summary>
    /// <param name="owner">The connection string of its owner.</param>
    public static async Task<IStoreHost> OnAsync(PostgresCluster cluster, string database, string owner, TestClock time, CancellationToken cancellationToken)
    {
        await using (var connection = new NpgsqlConnection(owner))
        {
            await connection.OpenAsync(cancellationToken);
            await using var clock = new NpgsqlCommand(PostgresClock.Schema, connection);
            await clock.ExecuteNonQueryAsync(cancellationToken);
        }

        return await ServeAsync(cluster, database, time, cancellationToken);
    }

    public async Task<IStoreHost> CrashAsync(TimeSpan downFor, CancellationToken cancellationToken)
    {
        // A database is copied when nobody is connected to it; those who try meanwhile are told that there are too many of them.
        await _cluster.RunAsync($"ALTER DATABASE {_database} CONNECTION LIMIT 0", cancellationToken);
        string copy;
        try
        {
            _clock.Disconnect();
            await _cluster.RunAsync($"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{_database}'", cancellationToken);
            copy = await PostgresOfTests.CopyAsync(_cluster, _database, cancellationToken);
        }
        finally
        {
            await _cluster.RunAsync($"ALTER DATABASE {_database} CONNECTION LIMIT -1", CancellationToken.None);
        }

        return await ServeAsync(_cluster, copy, new TestClock(Time.GetUtcNow() + downFor), cancellationToken);
    }

    public async Task<IStoreHost> SecondProcessAsync(CancellationToken cancellationToken) => new PostgresHost(
        _cluster, _database, _clock, await PostgresOfTests.CreateProcessAsync(_cluster, cancellationToken), owned: false);

    public async Task CutOffAsync(CancellationToken cancellationToken)
    {
        await _cluster.RunAsync($"ALTER ROLE {_process} CONNECTION LIMIT 0", cancellationToken);
        await DisconnectAsync(cancellationToken);
    }

    public Task DisconnectAsync(CancellationToken cancellationToken) =>
        _cluster.RunAsync($"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '{_process}'", cancellationToken);

    public Task<IAsyncDisposable> HoldWritersAsync(IServiceProvider process) => PostgresWriterHold.StartAsync(process);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        Assert.Equal(0L, await AskAsync("SELECT count(*) FROM jobs FULL JOIN job_texts ON job_id = id WHERE id IS NULL OR job_id IS NULL", cancellationToken));
        Assert.Equal(
            0L,
            await AskAsync(
                "SELECT count(*) FROM (SELECT FROM lane_counters GROUP BY lane_id HAVING least(sum(pending), sum(ready), sum(done), sum(failed), sum(dead)) < 0) AS wrong",
                cancellationToken));
        Assert.Equal(
            0L,
            await AskAsync(
                "SELECT count(*) FROM (SELECT FROM event_batches GROUP BY writer HAVING max(number) - min(number) + 1 <> count(*)) AS gaps",
                cancellationToken));
    }

    public async Task<string> ReadAllAsync(CancellationToken cancellationToken) =>
        (string)(await AskAsync("SELECT schema_to_xml('public', true, false, '')::text", cancellationToken))!;

    public FormattableString InsertEnded(TenantId tenant, int count, int everyFailed, int everyTagged) =>
        $"""
        INSERT INTO lane_names (id, tenant_id, queue, type, suspect) VALUES (9999, {tenant.Value}, 'old', 'echo', false);
        INSERT INTO lane_counters (lane_id, writer, tenant_id, pending, ready, done, failed, dead)
        VALUES (9999, 0, {tenant.Value}, 0, 0, {count} - {count} / {everyFailed}, {count} / {everyFailed}, {count} / {everyFailed});
        INSERT INTO jobs (id, tenant_id, lane_id, status, reason, priority, retries, max_retries, crashes, attempts, timeout_seconds,
                          run_at, created_at, finished_at, tags, trace_id, submitted_by, error_message)
        SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '70008000000000000000')::uuid, {tenant.Value}, 9999,
               CASE WHEN n % {everyFailed} = 0 THEN 3 ELSE 2 END, CASE WHEN n % {everyFailed} = 0 THEN 2 END, 0, 0, 5, 0, 1, 300,
               1700000000000 + n, 1700000000000 + n, 1700000000000 + n,
               CASE WHEN n % {everyTagged} = 0 THEN chr(10) || 'rare' || chr(10) END,
               decode(repeat('00', 16), 'hex'), 'token:test', CASE WHEN n % {everyFailed} = 0 THEN 'no' END
        FROM generate_series(1::bigint, {count}) AS n;
        INSERT INTO job_texts (job_id, payload) SELECT id, '{"{}"}' FROM jobs WHERE lane_id = 9999;
        INSERT INTO dead_letters (job_id, tenant_id, lane_id, reason, error_message, fingerprint, attempts, dead_at)
        SELECT id, tenant_id, lane_id, reason, error_message, '0000000000000000', 1, finished_at FROM jobs WHERE status = 3 AND lane_id = 9999;
        """;

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        if (!_owned)
            return;
        await _clock.DisposeAsync();
        await _cluster.RunAsync($"DROP DATABASE {_database} WITH (FORCE)", CancellationToken.None);
    }

    private static async Task<IStoreHost> ServeAsync(PostgresCluster cluster, string database, TestClock time, CancellationToken cancellationToken)
    {
        var process = await PostgresOfTests.CreateProcessAsync(cluster, cancellationToken);
        return new PostgresHost(cluster, database, new PostgresClock(cluster.AdministratorOf(database), time), process, owned: true);
    }

    private async Task<object?> AskAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_cluster.AdministratorOf(_database));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
