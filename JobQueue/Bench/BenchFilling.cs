using System.Globalization;
using JobQueue.Jobs;
using JobQueue.Storage.Sqlite;
using JobQueue.Tenants;
using Microsoft.Data.Sqlite;

namespace JobQueue.Bench;

/// <summary>Fills a database with jobs that are not to be worked on, without a server and without flushes.</summary>
internal static class BenchFilling
{
    private const int Batch = 10_000;
    private const int Lanes = 10;

    /// <summary>Nobody handles it.</summary>
    private const string OtherType = "bench.other";

    private const string InsertJob =
        """
        INSERT INTO jobs (id, tenant_id, lane_id, status, priority, retries, max_retries, crashes, attempts, timeout_seconds,
                          run_at, created_at, started_at, finished_at, worker, trace_id, submitted_by, payload)
        VALUES (?1, ?2, ?3, ?4, 50, 0, 5, 0, ?5, 300, ?6, ?7, ?8, ?8, ?9, ?10, 'token:bench', ?11);
        """;

    private static readonly TimeSpan Age = TimeSpan.FromDays(60);

    /// <param name="path">A migrated database that no server has open.</param>
    public static void Fill(string path, TenantId tenant, BenchOptions options, CancellationToken cancellationToken)
    {
        using var connection = SqliteConnections.OpenForWriting(BenchScratch.ConnectionString(path), "Off");
        using var filler = new Filler(connection, tenant, BenchPayload.Create(options.PayloadBytes));
        filler.Add(options.Existing, Kind.Done, cancellationToken);
        filler.Add(options.Scheduled, Kind.Scheduled, cancellationToken);
        filler.Add(options.Blocked, Kind.Blocked, cancellationToken);
        SqliteConnections.Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private enum Kind
    {
        Done,
        Scheduled,
        Blocked,
    }

    private sealed class Filler(SqliteConnection connection, TenantId tenant, byte[] payload) : IDisposable
    {
        private readonly HotStatements _sql = new(connection);
        private readonly SqliteStatement _insertJob = new(connection, InsertJob);
        private readonly JobIdSource _ids = new(default);
        private readonly byte[] _trace = new byte[16];
        private readonly long _began = (TimeProvider.System.GetUtcNow() - Age).ToUnixTimeMilliseconds();
        private readonly long _nextYear = TimeProvider.System.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds();
        private long _added;

        public void Add(int jobs, Kind kind, CancellationToken cancellationToken)
        {
            if (jobs == 0)
                return;
            var lanes = Enumerable.Range(0, Lanes).Select(number => OpenLane(kind, number)).ToArray();
            for (var done = 0; done < jobs; done += Batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _sql.Begin.Run();
                for (var i = done; i < Math.Min(jobs, done + Batch); i++)
                    AddOne(lanes[i % Lanes], kind);
                _sql.Commit.Run();
            }

            // Waiting jobs are counted anew by each start.
            if (kind == Kind.Done)
            {
                SqliteConnections.Run(connection, string.Create(CultureInfo.InvariantCulture,
                    $"UPDATE lanes SET done = {jobs / Lanes} WHERE id IN ({string.Join(',', lanes)})"));
            }
        }

        public void Dispose()
        {
            _insertJob.Dispose();
            _sql.Dispose();
        }

        private int OpenLane(Kind kind, int number)
        {
            var rows = _sql.InsertLane.Bind(tenant.Value).Bind(string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}"))
                .Bind(OtherType).Bind(0);
            rows.Step();
            var id = rows.Int32(0);
            rows.Reset();
            return id;
        }

        private void AddOne(int lane, Kind kind)
        {
            // A thousand a second in the past: all are older than what the measurements add.
            var at = _began + (_added++ / 2);
            var id = _ids.Next(at, Random.Shared.NextInt64());
            var dueAt = kind == Kind.Scheduled ? _nextYear : at;
            _insertJob.Bind(id).Bind(tenant.Value).Bind(lane).Bind((long)(kind == Kind.Done ? JobStatus.Done : JobStatus.Pending))
                .Bind(kind == Kind.Done ? 1 : 0).Bind(dueAt).Bind(at);
            if (kind == Kind.Done)
                _insertJob.Bind(at).Bind("bench");
            else
                _insertJob.BindNull().BindNull();
            _insertJob.Bind(_trace).Bind(payload).Run();
            if (kind == Kind.Scheduled)
                _sql.InsertScheduled.Bind(dueAt).Bind(id).Bind(lane).Bind(-50).Run();
            else if (kind == Kind.Blocked)
                _sql.InsertReady.Bind(lane).Bind(-50).Bind(at).Bind(id).Run();
        }
    }
}
