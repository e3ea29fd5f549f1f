using System.Diagnostics;
using JobQueue.Bench.Load;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Postgres.Writing.Rows;
using JobQueue.Tenants;

namespace JobQueue.Bench.Raw;

/// <summary>
/// What the PostgreSQL server itself can do here: the store's own statements, settings and round trips, from four connections. A batch
/// takes three transactions: insert, lease, finish.
/// </summary>
internal sealed class PostgresRawLimit : IRawLimit
{
    private const int Connections = 4;

    private readonly WriterSession[] _sessions;
    private readonly byte[] _payload;
    private readonly JobIds _ids = new();
    private readonly RandomBits _random = new();
    private readonly int _tenant;
    private readonly int _lane;

    private PostgresRawLimit(WriterSession[] sessions, int tenant, int lane, int payloadBytes)
    {
        (_sessions, _tenant, _lane) = (sessions, tenant, lane);
        _payload = BenchPayload.Create(payloadBytes);
    }

    public string Name => "PostgreSQL itself, four connections";

    /// <summary>In the database of a server that has migrated it, in a lane of its own.</summary>
    public static async Task<PostgresRawLimit> OpenAsync(string connectionString, int payloadBytes, CancellationToken cancellationToken)
    {
        var connections = new PostgresConnections(connectionString);
        var sessions = Enumerable.Range(0, Connections).Select(_ => new WriterSession(connections)).ToArray();
        foreach (var session in sessions)
            await session.OpenAsync(cancellationToken);
        var (tenant, lane) = (0, 0);
        await sessions[0].Trip().Read(
            "raw_lane", row => (tenant, lane) = (row.GetInt32(0), row.GetInt32(1)), Sent.Value(BenchHandler.TypeName)).RunAsync(cancellationToken);
        return new PostgresRawLimit(sessions, tenant, lane, payloadBytes);
    }

    public double Insert(int jobs, int batch) => Measure(jobs, batch, (session, count) => InsertAsync(session, count));

    public double LeaseAndFinish(int jobs, int batch) => Measure(jobs, batch, async (session, count) => await FinishAsync(session, await LeaseAsync(session, count)));

    public double WholeLife(int jobs, int batch) => Measure(jobs, batch, async (session, count) =>
    {
        await InsertAsync(session, count);
        await FinishAsync(session, await LeaseAsync(session, count));
    });

    public void Dispose()
    {
        foreach (var session in _sessions)
            session.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private double Measure(int jobs, int batch, Func<WriterSession, int, Task> run)
    {
        var left = jobs / batch;
        var started = Stopwatch.GetTimestamp();
        Task.WhenAll(_sessions.Select(session => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await run(session, batch);
        }))).GetAwaiter().GetResult();
        return jobs / batch * batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private Task InsertAsync(WriterSession session, int count)
    {
        var (writes, now) = (new Writes(), Now());
        for (var i = 0; i < count; i++)
        {
            var id = _ids.Next(now, _random.Next());
            writes.Jobs.Add(new NewJob(id, _lane, Create(), now, now));
            writes.ReadyIn.Add(new ReadyPlace(_lane, 0, now, id));
        }

        return CommitAsync(session, session.Trip().Begin(), writes, now);
    }

    private async Task<List<NewLease>> LeaseAsync(WriterSession session, int count)
    {
        var (writes, now) = (new Writes(), Now());
        await session.Trip().Begin().Read(
            "pick_ready",
            row =>
            {
                var place = new ReadyPlace(_lane, row.GetInt32(1), row.GetInt64(2), row.Id(3));
                writes.ReadyOut.Add(place);
                writes.LeasesIn.Add(new NewLease(
                    new LeaseToken(place.JobId, 1), _tenant, _lane, 1, "bench", "bench", now, now + 30_000, now + 300_000, 30_000));
            },
            Sent.Value(new[] { _lane }),
            Sent.Value(new[] { count }),
            Sent.Value(new[] { int.MinValue }),
            Sent.Value(new[] { long.MinValue }),
            Sent.Value(new[] { Guid.Empty })).RunAsync(CancellationToken.None);
        await CommitAsync(session, session.Trip().Read("texts", static row => _ = row[1], Sent.Ids([.. writes.ReadyOut.Select(place => place.JobId)])), writes, now);
        return writes.LeasesIn;
    }

    private Task FinishAsync(WriterSession session, List<NewLease> leases)
    {
        var (writes, now) = (new Writes(), Now());
        foreach (var lease in leases)
        {
            writes.LeasesOut.Add(lease.Token);
            writes.Moves.Add(new JobMove(lease.Token.Job, JobStatus.Pending, JobStatus.Done)
            {
                Lane = _lane,
                Retries = 0,
                Crashes = 0,
                RunAt = now,
                Attempts = 1,
                StartedAt = now,
                FinishedAt = now,
                Worker = "bench",
            });
        }

        return CommitAsync(session, session.Trip().Begin(), writes, now);
    }

    private static Task CommitAsync(WriterSession session, RoundTrip trip, Writes writes, long now)
    {
        writes.AddTo(trip, session.Slot, now);
        return trip.Commit().RunAsync(CancellationToken.None);
    }

    private Submission Create() => new()
    {
        Tenant = new TenantId(_tenant),
        Type = BenchHandler.TypeName,
        Payload = _payload,
        MaxRetries = 5,
        SubmittedBy = "token:bench",
        Trace = TraceParent.CreateNew(),
    };
}
