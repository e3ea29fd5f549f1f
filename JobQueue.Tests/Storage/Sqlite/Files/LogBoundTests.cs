using JobQueue.Storage;
using JobQueue.Storage.Model;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JobQueue.Tests.Storage.Sqlite.Files;

/// <summary>The write-ahead log does not grow without end beside those who read.</summary>
public sealed class LogBoundTests : IAsyncDisposable
{
    private const int BoundMegabytes = 8;
    private const long Bound = (long)BoundMegabytes << 20;

    /// <summary>A checkpoint is due every 2,000 pages.</summary>
    private const long Round = 2000 * 4120;

    private static readonly string Megabyte = $"\"{new string('x', 1 << 20)}\"";

    private readonly RecordedLog _log = new();
    private long _measured;
    private TestQueue? _queue;

    private TestQueue Queue => _queue!;

    private long LogSize => new FileInfo(Queue.DatabasePath + "-wal") is { Exists: true } log ? log.Length : 0;

    [Fact]
    public async Task Reads_that_overlap_do_not_keep_the_log_from_beginning_anew()
    {
        var acme = await StartAsync(builder => builder.Services.AddSingleton(provider => new LogBound(
            Bound, TimeProvider.System, provider.GetRequiredService<StoreObserver>().LogMeasured)
        {
            // Longer than any machine keeps the readers from running.
            Patience = TimeSpan.FromMinutes(1),
            PatienceAtBound = TimeSpan.FromMinutes(1),
        }));
        using var enough = new CancellationTokenSource();
        var reading = Task.Run(() => Overlap(enough.Token), TestContext.Current.CancellationToken);

        var largest = 0L;
        for (var megabyte = 0; megabyte < 12 * BoundMegabytes; megabyte++)
        {
            await WriteAsync(acme);
            largest = Math.Max(largest, LogSize);
        }

        await enough.CancelAsync();
        await reading;
        Assert.InRange(largest, 1, Bound + Round);
        Assert.Empty(Warnings);
    }

    [Fact]
    public async Task Reader_of_another_program_that_stays_is_told_once_and_when_it_goes_the_log_shrinks_by_itself()
    {
        var acme = await StartAsync();
        using (var reader = Connect())
        {
            Begin(reader);
            await GrowAsync(acme, until: () => Warnings.Any());
            for (var megabyte = 0; megabyte < 3; megabyte++)
                await WriteAsync(acme);

            Assert.Contains("something that reads the database", Assert.Single(Warnings), StringComparison.Ordinal);
            End(reader);
        }

        await Eventually.True(() => LogSize == 0 && Volatile.Read(ref _measured) == 0, "the log is cut, though nobody writes");
        Assert.Contains(_log.Lines, line => line.EndsWith("The write-ahead log begins anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_of_the_program_that_does_not_end_is_ended_when_the_log_is_over_its_bound()
    {
        var acme = await StartAsync();
        await WriteAsync(acme);
        await using var db = await DatabaseAsync();
        await using var snapshot = await db.BeginSnapshotAsync(TestContext.Current.CancellationToken);
        _ = await db.Jobs.AnyAsync(TestContext.Current.CancellationToken);
        var reading = Task.Run(() => Count(db, long.MaxValue), TestContext.Current.CancellationToken);
        await GrowAsync(acme, until: () => Volatile.Read(ref _measured) >= Bound);
        Assert.False(reading.IsCompleted);

        Queue.Time.Advance(LogBound.ReadBudget + TimeSpan.FromSeconds(1));

        Assert.Equal(9, (await Assert.ThrowsAsync<SqliteException>(() => reading)).SqliteErrorCode);
        await snapshot.DisposeAsync();
        await Eventually.True(() => LogSize == 0, "the log begins anew");
    }

    [Fact]
    public async Task Long_read_goes_on_while_the_log_is_small()
    {
        var acme = await StartAsync();
        await WriteAsync(acme);
        await using var db = await DatabaseAsync();
        await using var snapshot = await db.BeginSnapshotAsync(TestContext.Current.CancellationToken);
        Queue.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1_000_000, Count(db, 1_000_000));
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
            await _queue.DisposeAsync();
        _log.Dispose();
    }

    private IEnumerable<string> Warnings => _log.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal));

    private async Task<TenantId> StartAsync(Action<IHostApplicationBuilder>? configure = null)
    {
        _queue = await TestQueue.StartAsync(builder =>
        {
            builder.Services.Configure<StorageOptions>(options => options.MaxLogMegabytes = BoundMegabytes);
            builder.Services.AddSingleton<ILoggerProvider>(_log);
            builder.Logging.AddFilter("JobQueue", LogLevel.Information);
            configure?.Invoke(builder);
        });
        _queue.Services.GetRequiredService<StoreObserver>().OnLogMeasured(bytes => Volatile.Write(ref _measured, bytes));
        return await _queue.TenantAsync("acme");
    }

    private async Task GrowAsync(TenantId tenant, Func<bool> until)
    {
        for (var megabyte = 0; !until(); megabyte++)
        {
            Assert.True(megabyte < 100 * BoundMegabytes, "the log does not grow beside a reader");
            await WriteAsync(tenant);
        }
    }

    private Task WriteAsync(TenantId tenant) => Queue.SubmitAsync(Some.Submission(tenant, Megabyte));

    private Task<JobQueueDb> DatabaseAsync() =>
        Queue.Services.GetRequiredService<IDbContextFactory<JobQueueDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

    private static long Count(JobQueueDb db, long to) => db.Database.SqlQuery<long>(
        $"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to}) SELECT count(*) AS Value FROM n").AsEnumerable().Single();

    /// <summary>One begins to read before the other ends, so that there is no moment in which nobody reads.</summary>
    private void Overlap(CancellationToken enough)
    {
        using var one = Connect();
        using var other = Connect();
        Begin(one);
        while (!enough.IsCancellationRequested)
        {
            Begin(other);
            End(one);
            Begin(one);
            End(other);
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Queue.DatabasePath};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Begin(SqliteConnection connection)
    {
        SqliteConnections.Run(connection, "BEGIN");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM tenants";
        _ = command.ExecuteScalar();
    }

    private static void End(SqliteConnection connection) => SqliteConnections.Run(connection, "ROLLBACK");
}
