using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JobQueue.Api.Jobs;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage;
using JobQueue.Storage.Sqlite;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Commands.Controlling;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Files.Layer;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobQueue.Tests.Storage.Sqlite.Files.Layer;

/// <summary>What is committed is on the disk and readable, though SQLite's writes are gathered.</summary>
public sealed class GatheringVfsTests : IDisposable
{
    /// <summary>A layer whose flushes are counted, and fail when they are told to.</summary>
    private const string Counting = "gathering-counting";

    private static readonly int Registered = Register();

    private static volatile int _flushes;
    private static volatile bool _fails;

    private readonly TemporaryFolder _folder = new();

    public GatheringVfsTests()
    {
        SqliteConnections.Configure();
        Assert.Equal(0, Registered);
        (_flushes, _fails) = (0, false);
    }

    private string ConnectionString => $"Data Source={_folder.File("jobs.db")}";

    [Fact]
    public void Commit_is_flushed_once_before_it_returns()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere SQLite's own layer flushes");
        using var connection = Open();
        Run(connection, "CREATE TABLE t (n)");

        var before = _flushes;
        Run(connection, "INSERT INTO t VALUES (1)");
        Assert.Equal(before + 1, _flushes);
        Run(connection, "INSERT INTO t VALUES (2)");
        Assert.Equal(before + 2, _flushes);
    }

    [Fact]
    public void Without_a_wish_for_durability_nothing_is_flushed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere SQLite's own layer flushes");
        using var connection = Open("Normal");
        Run(connection, "CREATE TABLE t (n)");

        var before = _flushes;
        Run(connection, "INSERT INTO t VALUES (1)");
        Assert.Equal(before, _flushes);
    }

    [Fact]
    public void Commit_is_read_at_once_by_a_connection_of_SQLites_own_layer_and_by_who_finds_the_files_after_a_crash()
    {
        using var connection = Open();
        using var reader = Connect(_folder.File("jobs.db"));
        Run(connection, "CREATE TABLE t (n INTEGER PRIMARY KEY, text)");

        for (var i = 1; i <= 20; i++)
        {
            // From one page to more than are held back at once.
            Run(connection, $"INSERT INTO t (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {i * i}) SELECT printf('%.1000c', 'x') FROM n");
            var rows = Scalar(connection, "SELECT count(*) FROM t");
            Assert.Equal(rows, Scalar(reader, "SELECT count(*) FROM t"));
            using var crashed = AfterCrash(i);
            Assert.Equal(rows, Scalar(crashed, "SELECT count(*) FROM t"));
        }
    }

    [Fact]
    public void Transaction_larger_than_the_cache_is_committed_or_undone_whole()
    {
        using var connection = Open();
        Run(connection, "CREATE TABLE t (n INTEGER PRIMARY KEY, text)");
        const string Insert = "INSERT INTO t (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT printf('%.1000c', 'x') FROM n";

        // Pages spilled from the cache are written again, and their frames' checksums after them.
        Run(connection, $"BEGIN; {Insert}; UPDATE t SET text = 'y' WHERE n % 100 = 0; COMMIT");
        Run(connection, $"BEGIN; {Insert}; UPDATE t SET text = 'z'; ROLLBACK");
        Run(connection, "INSERT INTO t (text) VALUES ('last')");

        using var crashed = AfterCrash(1);
        foreach (var each in new[] { connection, crashed })
        {
            Assert.Equal(20_001L, Scalar(each, "SELECT count(*) FROM t"));
            Assert.Equal(200L, Scalar(each, "SELECT count(*) FROM t WHERE text = 'y'"));
            Assert.Equal(1L, Scalar(each, "SELECT count(*) FROM t WHERE text = 'last'"));
            Assert.Equal("ok", Scalar(each, "SELECT * FROM pragma_integrity_check"));
        }
    }

    [Fact]
    public void Database_is_whole_after_many_commits_checkpoints_and_restarts_of_the_log()
    {
        using (var connection = Open())
        {
            Run(connection, "CREATE TABLE t (n INTEGER PRIMARY KEY, text); CREATE INDEX i ON t (text)");
            for (var i = 0; i < 500; i++)
            {
                Run(connection, $"INSERT INTO t (text) SELECT hex(randomblob({i % 50 * 40})) FROM (VALUES (1), (2), (3))");
                if (i % 40 == 0)
                    Run(connection, "PRAGMA wal_checkpoint(PASSIVE)");
                if (i % 130 == 0)
                    Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            }
        }

        using var after = Connect(_folder.File("jobs.db"));
        Assert.Equal(1_500L, Scalar(after, "SELECT count(*) FROM t"));
        Assert.Equal("ok", Scalar(after, "SELECT * FROM pragma_integrity_check"));
    }

    [Fact]
    public async Task Failed_flush_stops_the_store_and_nobody_hears_of_what_was_not_flushed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere SQLite's own layer flushes");
        using var connection = Open();
        await using (var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection).Options))
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        var heard = false;
        var feed = new JobFeed(NullLogger<JobFeed>.Instance);
        using var subscription = feed.Subscribe("test", _ => heard = true);
        var fatal = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var publisher = new EventPublisher(feed.Publish);
        using var checkpointer = new Checkpointer(SqliteConnections.OpenForWriting(ConnectionString, "Normal"), new LogBound(1 << 30, TimeProvider.System, _ => { }), NullLogger.Instance, _ => { });
        using var writer = new StoreWriter(
            connection, new RetriesOptions().ToPolicy(), new CallbackBody(), publisher, checkpointer, TimeProvider.System, NullLogger.Instance, (_, _) => { }, fatal.SetResult);
        writer.Start();

        _fails = true;
        var first = new Said();
        writer.Post(first);
        await Assert.ThrowsAsync<StoreStoppedException>(() => first.Task);
        Assert.Equal(10, Assert.IsType<SqliteException>(await fatal.Task).SqliteErrorCode);

        // The system tells of a failed write once: a later flush would seem to succeed.
        _fails = false;
        var second = new Said();
        writer.Post(second);
        await Assert.ThrowsAsync<StoreStoppedException>(() => second.Task);

        writer.Stop();
        publisher.Dispose();
        Assert.False(heard);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static unsafe int Register() => GatheringVfs.Register(Counting, &Flush, (SqliteVfs*)SqliteNative.FindVfs(null));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Flush(int descriptor)
    {
        if (_fails)
            return -1;
        _flushes++;
        return 0;
    }

    private SqliteConnection Open(string synchronous = "Full") => SqliteConnections.OpenForWriting(ConnectionString, synchronous, Counting);

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>The database as it lies on the disk at this moment.</summary>
    private SqliteConnection AfterCrash(int number)
    {
        foreach (var end in new[] { "", "-wal" })
            File.Copy(_folder.File($"jobs.db{end}"), _folder.File($"crashed-{number}.db{end}"));
        return Connect(_folder.File($"crashed-{number}.db"));
    }

    private static void Run(SqliteConnection connection, string sql) => SqliteConnections.Run(connection, sql);

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>A write that leaves something to be flushed, and an event.</summary>
    private sealed class Said() : StoreCommand<bool>(CancellationToken.None)
    {
        public override bool Refusable => false;

        public override long Bytes => 0;

        protected override bool Run(WriteContext context)
        {
            Control.Audit(context, Some.Actor(), "test", "acme", "nothing", null);
            context.Events.Add(new JobEvent
            {
                Kind = JobEventKind.QueuePaused,
                JobId = default,
                TenantId = new TenantId(1),
                Tenant = "acme",
                Queue = "q",
                Type = "",
                Status = JobStatus.Pending,
                At = context.Now,
            });
            return true;
        }
    }
}
