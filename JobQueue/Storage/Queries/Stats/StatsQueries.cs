using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.Stats;

/// <summary>Counts and rates from maintained counters: the cost does not grow with the number of jobs. Thread-safe.</summary>
public sealed class StatsQueries
{
    private readonly IDbContextFactory<JobQueueDb> _databases;
    private readonly TimeProvider _time;

    internal StatsQueries(IDbContextFactory<JobQueueDb> databases, TimeProvider time) => (_databases, _time) = (databases, time);

    /// <summary>The sum over a tenant's queues, or over all tenants. Counted by the database: no lane is read by itself.</summary>
    public async Task<JobCounts> TotalAsync(TenantId? scope, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        // A job on its way from one place to another must not be counted in both, or in none.
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        var window = RateWindow.At(_time.GetUtcNow());
        var sum = await Lanes(db, scope).GroupBy(lane => 1)
            .Select(lanes => new
            {
                Pending = lanes.Sum(lane => lane.Pending),
                Done = lanes.Sum(lane => lane.Done),
                Failed = lanes.Sum(lane => lane.Failed),
                Dead = lanes.Sum(lane => lane.Dead),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (sum is null)
            return new JobCounts();
        var recent = await LaneMinutes.Since(db, Lanes(db, scope), window.First)
            .GroupBy(row => row.Minute)
            .Select(group => new { Minute = group.Key, Done = group.Sum(row => row.Done), Failed = group.Sum(row => row.Failed) })
            .ToListAsync(cancellationToken);
        var oldest = await OldestReady.OfAsync(db, scope, cancellationToken);
        return new JobCounts
        {
            Pending = sum.Pending,
            Running = await db.Leases.CountAsync(lease => scope == null || lease.TenantId == scope.Value.Value, cancellationToken),
            Done = sum.Done,
            Failed = sum.Failed,
            DeadLettered = sum.Dead,
            OldestReady = oldest is { } due ? window.Since(due) : null,
            DonePerMinute = recent.Sum(row => row.Done * window.Weight(row.Minute)),
            FailedPerMinute = recent.Sum(row => row.Failed * window.Weight(row.Minute)),
        };
    }

    /// <summary>What may run and waits, by tenant, queue and type.</summary>
    public async Task<IReadOnlyList<WaitingJobs>> WaitingAsync(TenantId? scope, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var lanes = await (
            from lane in db.Lanes
            join tenant in db.Tenants on lane.TenantId equals tenant.Id
            where lane.Ready > 0 && (scope == null || lane.TenantId == scope.Value.Value)
            select new { lane.TenantId, Tenant = tenant.Name, lane.Queue, lane.Type, lane.Ready }).ToListAsync(cancellationToken);
        return lanes.ConvertAll(lane => new WaitingJobs(new TenantId(lane.TenantId), lane.Tenant, lane.Queue, lane.Type, lane.Ready));
    }

    /// <summary>Attempts that ended in the last 60 seconds, whatever became of them.</summary>
    public async Task<double> EndedPerMinuteAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var minutes = await MinutesAsync(tenant, 2, cancellationToken);
        var now = _time.GetUtcNow();
        var lastPart = 1 - (now.ToUnixTimeMilliseconds() % 60_000 / 60_000.0);
        return Ended(minutes[1]) + (Ended(minutes[0]) * lastPart);

        static int Ended(MinuteCounts minute) => minute.Done + minute.Failed + minute.Retried;
    }

    /// <summary>Every minute of the last <paramref name="minutes"/>, the present one last; quiet ones are all zero.</summary>
    public async Task<IReadOnlyList<MinuteCounts>> MinutesAsync(TenantId? scope, int minutes, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var last = (int)(_time.GetUtcNow().ToUnixTimeSeconds() / 60);
        var first = last - minutes + 1;
        var rows = await LaneMinutes.Since(db, Lanes(db, scope), first)
            .GroupBy(row => row.Minute)
            .Select(group => new
            {
                Minute = group.Key,
                Submitted = group.Sum(row => row.Submitted),
                Done = group.Sum(row => row.Done),
                Failed = group.Sum(row => row.Failed),
                Retried = group.Sum(row => row.Retried),
                Started = group.Sum(row => row.Started),
                Wait = group.Sum(row => row.WaitMilliseconds),
                Run = group.Sum(row => row.RunMilliseconds),
            })
            .ToDictionaryAsync(row => row.Minute, cancellationToken);
        return Enumerable.Range(first, minutes).Select(minute =>
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(minute * 60L);
            if (!rows.TryGetValue(minute, out var row))
                return new MinuteCounts(at, 0, 0, 0, 0, null, null);
            var ended = row.Done + row.Failed + row.Retried;
            return new MinuteCounts(
                at,
                row.Submitted,
                row.Done,
                row.Failed,
                row.Retried,
                row.Started == 0 ? null : TimeSpan.FromMilliseconds((double)row.Wait / row.Started),
                ended == 0 ? null : TimeSpan.FromMilliseconds((double)row.Run / ended));
        }).ToList();
    }

    private static IQueryable<LaneRow> Lanes(JobQueueDb db, TenantId? scope) =>
        db.Lanes.Where(lane => scope == null || lane.TenantId == scope.Value.Value);
}
