using System.Diagnostics;
using JobQueue.Bench.Load;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Storage.Sqlite;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Sql;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobQueue.Bench.Raw;

/// <summary>
/// What SQLite itself can do here: the store's own schema, pragmas, statements and checkpoints, driven by one thread with
/// nothing around them. A batch takes three transactions: insert, lease, finish.
/// </summary>
internal sealed class RawLimit : IRawLimit
{
    private const long RawLease = 1;

    private readonly SqliteConnection _connection;
    private readonly HotStatements _sql;
    private readonly Checkpointer _checkpointer;
    private readonly JobIdSource _ids = new(default);
    private readonly byte[] _payload;
    private readonly byte[] _trace = new byte[16];
    private readonly int _lane;

    private RawLimit(SqliteConnection connection, Checkpointer checkpointer, int lane, int payloadBytes)
    {
        (_connection, _checkpointer, _lane) = (connection, checkpointer, lane);
        _sql = new HotStatements(connection);
        _payload = BenchPayload.Create(payloadBytes);
        Random.Shared.NextBytes(_trace);
    }

    public string Name => "SQLite itself, one thread";

    public static RawLimit Open(string path, int payloadBytes)
    {
        SqliteConnections.Configure();
        var connection = SqliteConnections.OpenForWriting(BenchScratch.ConnectionString(path), "Full");
        int lane;
        using (var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection).Options))
        {
            db.Database.Migrate();
            var tenant = new TenantRow { Name = "bench", CreatedAt = TimeProvider.System.GetUtcNow() };
            db.Tenants.Add(tenant);
            db.SaveChanges();
            var row = new LaneRow { TenantId = tenant.Id, Queue = Submission.DefaultQueue, Type = BenchHandler.TypeName };
            db.Lanes.Add(row);
            db.SaveChanges();
            lane = row.Id;
        }

        var checkpointer = new Checkpointer(
            SqliteConnections.OpenForWriting(BenchScratch.ConnectionString(path), "Full"),
            new LogBound((long)new StorageOptions().MaxLogMegabytes << 20, TimeProvider.System, _ => { }),
            NullLogger.Instance, exception => throw exception);
        return new RawLimit(connection, checkpointer, lane, payloadBytes);
    }

    public double Insert(int jobs, int batch)
    {
        var started = Stopwatch.GetTimestamp();
        for (var done = 0; done < jobs; done += batch)
            InsertBatch(batch);
        var elapsed = Stopwatch.GetElapsedTime(started);
        return jobs / elapsed.TotalSeconds;
    }

    public double LeaseAndFinish(int jobs, int batch)
    {
        var started = Stopwatch.GetTimestamp();
        for (var done = 0; done < jobs; done += batch)
            FinishBatch(LeaseBatch(batch));
        return jobs / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public double WholeLife(int jobs, int batch)
    {
        var started = Stopwatch.GetTimestamp();
        for (var done = 0; done < jobs; done += batch)
        {
            InsertBatch(batch);
            FinishBatch(LeaseBatch(batch));
        }

        return jobs / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose()
    {
        _sql.Dispose();
        _checkpointer.Dispose();
        _connection.Dispose();
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private void InsertBatch(int jobs)
    {
        var now = Now();
        _sql.Begin.Run();
        for (var i = 0; i < jobs; i++)
        {
            var id = _ids.Next(now, Random.Shared.NextInt64());
            _sql.InsertJob.Bind(id).Bind(1).Bind(_lane).Bind(0).Bind(5).Bind(300).Bind(now).Bind(now).BindNull().BindNull()
                .Bind(_trace).BindNull().Bind("token:bench").Bind(_payload).Run();
            _sql.InsertReady.Bind(_lane).Bind(0).Bind(now).Bind(id).Run();
        }

        Commit();
    }

    private List<JobId> LeaseBatch(int jobs)
    {
        var now = Now();
        _sql.Begin.Run();
        var ready = new List<ReadyKey>(jobs);
        for (var rows = _sql.PeekReady.Bind(_lane).Bind(jobs); rows.Step();)
            ready.Add(new ReadyKey(rows.Int32(0), rows.Int64(1), rows.Id(2)));
        var leased = new List<JobId>(jobs);
        foreach (var key in ready)
        {
            _sql.DeleteReady.Bind(_lane).Bind(key.Rank).Bind(key.DueAt).Bind(key.JobId).Run();
            _sql.InsertLease.Bind(key.JobId).Bind(1).Bind(_lane).Bind(RawLease).Bind(1).Bind("bench").Bind(1).Bind(now)
                .Bind(now + 30_000).Bind(30_000).Run();
            var row = _sql.SelectJob.Bind(key.JobId);
            row.Step();
            if (row.Blob(25).Length != _payload.Length)
                throw new InvalidOperationException("The raw measurement lost a job.");
            row.Reset();
            leased.Add(key.JobId);
        }

        Commit();
        return leased;
    }

    private void FinishBatch(List<JobId> jobs)
    {
        var now = Now();
        _sql.Begin.Run();
        foreach (var id in jobs)
        {
            _sql.DeleteLease.Bind(id).Bind(RawLease).Run();
            _sql.FinishJob.Bind(id).BindNull().Bind(1).Bind(now).Bind(now).Bind("bench").Run();
        }

        Commit();
    }

    private void Commit()
    {
        _sql.Commit.Run();
        _checkpointer.Committed(_connection);
    }
}
