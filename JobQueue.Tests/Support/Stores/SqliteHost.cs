using System.Text;
using JobQueue.Tenants;
using Microsoft.Data.Sqlite;

namespace JobQueue.Tests.Support.Stores;

/// <summary>A database file, in a folder of its own unless a test names it.</summary>
internal sealed class SqliteHost : IStoreHost
{
    private readonly bool _owned;

    public SqliteHost()
        : this(TestClock.AtNoon())
    {
    }

    private SqliteHost(TestClock time)
        : this(Path.Combine(Directory.CreateTempSubdirectory("jobqueue-test-").FullName, "jobs.db"), time, owned: true)
    {
    }

    private SqliteHost(string databasePath, TestClock time, bool owned) => (DatabasePath, Time, _owned) = (databasePath, time, owned);

    public TestClock Time { get; }

    /// <summary>At once: the lock of the file is free.</summary>
    public TimeSpan DeathIsKnownAfter => TimeSpan.Zero;

    public string DatabasePath { get; }

    public string Folder => Path.GetDirectoryName(DatabasePath)!;

    public IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["ConnectionStrings:JobQueue"] = $"Data Source={DatabasePath}" };

    /// <summary>A file that may be there already, and that stays.</summary>
    public static SqliteHost On(string databasePath) => new(databasePath, TestClock.AtNoon(), owned: false);

    public async Task<IStoreHost> CrashAsync(TimeSpan downFor, CancellationToken cancellationToken)
    {
        var next = new SqliteHost(new TestClock(Time.GetUtcNow() + downFor));
        await using var from = await OpenAsync(DatabasePath, cancellationToken);
        await using var to = await OpenAsync(next.DatabasePath, cancellationToken);
        from.BackupDatabase(to);
        return next;
    }

    public Task<IStoreHost> SecondProcessAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IStoreHost>(new SqliteHost(DatabasePath, Time, owned: false));

    public Task CutOffAsync(CancellationToken cancellationToken) => throw new NotSupportedException("Nothing lies between the process and its file.");

    public Task DisconnectAsync(CancellationToken cancellationToken) => throw new NotSupportedException("Nothing lies between the process and its file.");

    public async Task<IAsyncDisposable> HoldWritersAsync(IServiceProvider process) => await WriterHold.StartAsync(process);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(DatabasePath, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT * FROM pragma_integrity_check) || ' ' || (SELECT count(*) FROM pragma_foreign_key_check)";
        Assert.Equal("ok 0", await command.ExecuteScalarAsync(cancellationToken));
    }

    public async Task<string> ReadAllAsync(CancellationToken cancellationToken)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.GetFiles(Folder, Path.GetFileName(DatabasePath) + "*"))
            all.Append(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, cancellationToken)));
        return all.ToString();
    }

    public FormattableString InsertEnded(TenantId tenant, int count, int everyFailed, int everyTagged) =>
        $"""
        INSERT INTO lanes (id, tenant_id, queue, type, suspect, pending, ready, done, failed, dead)
        VALUES (9999, {tenant.Value}, 'old', 'echo', 0, 0, 0, {count} - {count} / {everyFailed}, {count} / {everyFailed}, {count} / {everyFailed});
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
        INSERT INTO jobs (id, tenant_id, lane_id, status, reason, priority, retries, max_retries, crashes, attempts, timeout_seconds,
                          run_at, created_at, finished_at, tags, trace_id, submitted_by, error_message, payload)
        SELECT unhex(printf('%012x', 1700000000000 + n) || '70008000000000000000'), {tenant.Value}, 9999,
               iif(n % {everyFailed} = 0, 3, 2), iif(n % {everyFailed} = 0, 2, NULL), 0, 0, 5, 0, 1, 300,
               1700000000000 + n, 1700000000000 + n, 1700000000000 + n,
               iif(n % {everyTagged} = 0, char(10) || 'rare' || char(10), NULL),
               zeroblob(16), 'token:test', iif(n % {everyFailed} = 0, 'no', NULL), X'7B7D'
        FROM numbers;
        INSERT INTO dead_letters (job_id, tenant_id, lane_id, reason, error_message, fingerprint, attempts, dead_at)
        SELECT id, tenant_id, lane_id, reason, error_message, '0000000000000000', 1, finished_at FROM jobs WHERE status = 3 AND lane_id = 9999;
        """;

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        if (_owned)
            Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<SqliteConnection> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
