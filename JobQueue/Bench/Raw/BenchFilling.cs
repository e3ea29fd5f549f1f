using System.Globalization;
using JobQueue.Bench.Load;
using JobQueue.Jobs.Model;
using JobQueue.Storage;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Sql;
using JobQueue.Tenants;
using Microsoft.Data.Sqlite;

namespace JobQueue.Bench.Raw;

/// <summary>Fills a database with jobs that are not to be worked on, without a server and without flushes.</summary>
internal sealed class BenchFilling
{
    private const int Batch = 10_000;
    private const int Lanes = 12;

    /// <summary>Of the jobs that ended, one in so many failed.</summary>
    private const int FailedPart = 100;

    /// <summary>Nobody handles it.</summary>
    private const string OtherType = "bench.other";

    private const string PausedQueue = "paused";
    private const string Error = "no such customer";

    private const string InsertJob =
        """
        INSERT INTO jobs (id, tenant_id, lane_id, status, reason, priority, retries, max_retries, crashes, attempts, timeout_seconds,
                          run_at, created_at, started_at, finished_at, worker, error_message, trace_id, submitted_by, payload)
        VALUES (?1, ?2, ?3, ?4, ?5, 50, 0, 5, 0, ?6, 300, ?7, ?8, ?9, ?9, ?10, ?11, ?12, 'token:bench', ?13);
        """;

    private static readonly TimeSpan Age = TimeSpan.FromDays(60);

    private readonly BenchOptions _options;
    private readonly TenantId _tenant;
    private readonly TenantId _atItsLimit;

    private BenchFilling(BenchOptions options, TenantId tenant, TenantId atItsLimit) =>
        (_options, _tenant, _atItsLimit) = (options, tenant, atItsLimit);

    private enum Kind
    {
        Ended,
        Scheduled,
        Blocked,
    }

    /// <summary>Makes in a server's database what the jobs need that cannot run.</summary>
    public static async Task<BenchFilling> PrepareAsync(BenchServer server, BenchOptions options, CancellationToken cancellationToken)
    {
        await server.Store.PauseQueueAsync(server.Tenant, PausedQueue, null, null, BenchServer.Actor, cancellationToken);
        var limited = await server.EnsureTenantsAsync(["at-its-limit"], cancellationToken, new TenantLimits(0, null, null));
        return new BenchFilling(options, server.Tenant, limited[0]);
    }

    /// <param name="path">The server's database. No server has it open.</param>
    public void Fill(string path, CancellationToken cancellationToken)
    {
        using var connection = SqliteConnections.OpenForWriting(BenchScratch.ConnectionString(path), "Off");
        using var filler = new Filler(connection, this);
        filler.Add(_options.Existing, Kind.Ended, cancellationToken);
        filler.Add(_options.Scheduled, Kind.Scheduled, cancellationToken);
        filler.Add(_options.Blocked, Kind.Blocked, cancellationToken);
        SqliteConnections.Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Where the jobs of a kind lie. Blocked ones lie in thirds: nobody handles them, their queue is paused, their tenant is at its limit.</summary>
    private (TenantId Tenant, string Queue, string Type) Place(Kind kind, int number)
    {
        var queue = string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
        return (kind, number % 3) switch
        {
            (Kind.Blocked, 1) => (_tenant, PausedQueue, string.Create(CultureInfo.InvariantCulture, $"{LeaseLoad.Type}.{number}")),
            (Kind.Blocked, 2) => (_atItsLimit, queue, LeaseLoad.Type),
            _ => (_tenant, queue, OtherType),
        };
    }

    private sealed class Filler(SqliteConnection connection, BenchFilling filling) : IDisposable
    {
        private readonly HotStatements _sql = new(connection);
        private readonly SqliteStatement _insertJob = new(connection, InsertJob);
        private readonly SqliteStatement _countEnded =
            new(connection, "UPDATE lanes SET done = ?2, failed = ?3, dead = ?3 WHERE id = ?1");
        private readonly JobIdSource _ids = new(default);
        private readonly byte[] _payload = BenchPayload.Create(filling._options.PayloadBytes);
        private readonly byte[] _trace = new byte[16];
        private readonly long _began = (TimeProvider.System.GetUtcNow() - Age).ToUnixTimeMilliseconds();
        private readonly long _nextYear = TimeProvider.System.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds();
        private long _added;

        public void Add(int jobs, Kind kind, CancellationToken cancellationToken)
        {
            if (jobs == 0)
                return;
            var lanes = Enumerable.Range(0, Lanes).Select(number => OpenLane(kind, number)).ToArray();
            var (done, failed) = (new int[Lanes], new int[Lanes]);
            for (var added = 0; added < jobs; added += Batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _sql.Begin.Run();
                for (var i = added; i < Math.Min(jobs, added + Batch); i++)
                {
                    var fails = kind == Kind.Ended && i % FailedPart == 0;
                    (fails ? failed : done)[i % Lanes]++;
                    AddOne(lanes[i % Lanes], kind, fails);
                }

                _sql.Commit.Run();
            }

            // Waiting jobs are counted anew by each start.
            for (var i = 0; kind == Kind.Ended && i < Lanes; i++)
                _countEnded.Bind(lanes[i].Id).Bind(done[i]).Bind(failed[i]).Run();
        }

        public void Dispose()
        {
            _insertJob.Dispose();
            _countEnded.Dispose();
            _sql.Dispose();
        }

        private (int Id, TenantId Tenant) OpenLane(Kind kind, int number)
        {
            var (tenant, queue, type) = filling.Place(kind, number);
            var rows = _sql.InsertLane.Bind(tenant.Value).Bind(queue).Bind(type).Bind(0);
            rows.Step();
            var id = rows.Int32(0);
            rows.Reset();
            return (id, tenant);
        }

        private void AddOne((int Id, TenantId Tenant) lane, Kind kind, bool fails)
        {
            // Two a millisecond in the past: all are older than what the measurements add.
            var at = _began + (_added++ / 2);
            var id = _ids.Next(at, Random.Shared.NextInt64());
            var dueAt = kind == Kind.Scheduled ? _nextYear : at;
            var status = fails ? JobStatus.Failed : kind == Kind.Ended ? JobStatus.Done : JobStatus.Pending;
            _insertJob.Bind(id).Bind(lane.Tenant.Value).Bind(lane.Id).Bind((long)status)
                .Bind(fails ? (long)FailReason.PermanentError : (long?)null).Bind(kind == Kind.Ended ? 1 : 0).Bind(dueAt).Bind(at);
            if (kind == Kind.Ended)
                _insertJob.Bind(at).Bind("bench").Bind(fails ? Error : null);
            else
                _insertJob.BindNull().BindNull().BindNull();
            _insertJob.Bind(_trace).Bind(_payload).Run();
            if (kind == Kind.Scheduled)
                _sql.InsertScheduled.Bind(dueAt).Bind(id).Bind(lane.Id).Bind(-50).Run();
            else if (kind == Kind.Blocked)
                _sql.InsertReady.Bind(lane.Id).Bind(-50).Bind(at).Bind(id).Run();
            else if (fails)
                AddDeadLetter(id, lane, at);
        }

        private void AddDeadLetter(JobId id, (int Id, TenantId Tenant) lane, long at) =>
            _sql.InsertDeadLetter.Bind(id).Bind(lane.Tenant.Value).Bind(lane.Id).Bind((long)FailReason.PermanentError).Bind(Error)
                .BindNull().Bind(Fingerprint.Of(OtherType, new JobError(Error, null))).Bind(1).Bind(at).Run();
    }
}
