using JobQueue.Storage.Model;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.Stats;

/// <summary>Counts and rates from maintained counters: the cost does not grow with the number of jobs. Thread-safe.</summary>
public sealed class StatsQueries
{
    private readonly IDbContextFactory<JobQueueDb> _databases;
    private readonly TimeProvider _time;

    internal StatsQueries(IDbContextFactory<JobQueueDb> databases, TimeProvider time) => (_databases, _time) = (databases, time);

    /// <summary>The sum over a tenant's queues, or over all tenants.</summary>
    public async Task<JobCounts> TotalAsync(TenantId? scope, CancellationToken cancellationToken) =>
        Sum((await QueuesAsync(scope, cancellationToken)).Select(queue => queue.Counts));

    /// <summary>Each queue that ever had a job, by tenant and name.</summary>
    public async Task<IReadOnlyList<QueueCounts>> QueuesAsync(TenantId? scope, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        // A job on its way from one place to another must not be counted in both, or in none.
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var minute = (int)(now.ToUnixTimeSeconds() / 60);
        // A window of 60 seconds from buckets of a minute: this one whole, the last one by the part that still counts.
        var lastPart = 1 - (now.ToUnixTimeMilliseconds() % 60_000 / 60_000.0);
        var lanes = await (
            from lane in db.Lanes
            join tenant in db.Tenants on lane.TenantId equals tenant.Id
            where scope == null || lane.TenantId == scope.Value.Value
            select new
            {
                Tenant = tenant.Name,
                lane.Id,
                lane.Queue,
                lane.Pending,
                lane.Done,
                lane.Failed,
                lane.Dead,
            }).ToListAsync(cancellationToken);
        var oldest = await OldestAsync(db, scope, cancellationToken);
        var running = await db.Leases.Where(lease => scope == null || lease.TenantId == scope.Value.Value)
            .GroupBy(lease => lease.LaneId)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var recent = (await Minutes(db, scope, minute - 1).ToListAsync(cancellationToken))
            .ToLookup(row => row.LaneId);
        return lanes.GroupBy(lane => (lane.Tenant, lane.Queue)).OrderBy(group => group.Key).Select(group => new QueueCounts(
            group.Key.Tenant,
            group.Key.Queue,
            Sum(group.Select(lane => new JobCounts
            {
                Pending = lane.Pending,
                Running = running.GetValueOrDefault(lane.Id),
                Done = lane.Done,
                Failed = lane.Failed,
                DeadLettered = lane.Dead,
                OldestReady = oldest.TryGetValue(lane.Id, out var due) ? Max(TimeSpan.Zero, now - due) : null,
                DonePerMinute = recent[lane.Id].Sum(row => row.Done * (row.Minute == minute ? 1 : lastPart)),
                FailedPerMinute = recent[lane.Id].Sum(row => row.Failed * (row.Minute == minute ? 1 : lastPart)),
            })))).ToList();
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
        var rows = await Minutes(db, scope, first)
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

    /// <summary>The minutes of each lane that are over, and with its counters the latest one.</summary>
    private static IQueryable<LaneMinute> Minutes(JobQueueDb db, TenantId? scope, int first)
    {
        var lanes = db.Lanes.Where(lane => scope == null || lane.TenantId == scope.Value.Value);
        var over = db.Minutes.Where(row => lanes.Select(lane => lane.Id).Contains(row.LaneId) && row.Minute >= first)
            .Select(row => new LaneMinute
            {
                LaneId = row.LaneId,
                Minute = row.Minute,
                Submitted = row.Submitted,
                Done = row.Done,
                Failed = row.Failed,
                Retried = row.Retried,
                Started = row.Started,
                WaitMilliseconds = row.WaitMilliseconds,
                RunMilliseconds = row.RunMilliseconds,
            });
        var latest = lanes.Where(lane => lane.Minute >= first)
            .Select(lane => new LaneMinute
            {
                LaneId = lane.Id,
                Minute = lane.Minute,
                Submitted = lane.MinuteSubmitted,
                Done = lane.MinuteDone,
                Failed = lane.MinuteFailed,
                Retried = lane.MinuteRetried,
                Started = lane.MinuteStarted,
                WaitMilliseconds = lane.MinuteWaitMilliseconds,
                RunMilliseconds = lane.MinuteRunMilliseconds,
            });
        return over.Concat(latest);
    }

    /// <summary>
    /// When the longest waiting ready job of each lane was due. A lane's rows lie by priority first: the statement leaps from
    /// one priority to the next, so a lane of a million jobs costs as much as there are priorities in it. LINQ has no words for it.
    /// </summary>
    private static async Task<Dictionary<int, DateTimeOffset>> OldestAsync(
        JobQueueDb db, TenantId? scope, CancellationToken cancellationToken)
    {
        var tenant = scope?.Value;
        var rows = await db.Database.SqlQuery<LaneDue>($"""
            WITH RECURSIVE ranks (lane_id, rank) AS (
                SELECT id, (SELECT min(rank) FROM ready WHERE lane_id = lanes.id)
                FROM lanes WHERE ready > 0 AND ({tenant} IS NULL OR tenant_id = {tenant})
                UNION ALL
                SELECT lane_id, (SELECT min(rank) FROM ready WHERE lane_id = ranks.lane_id AND rank > ranks.rank)
                FROM ranks WHERE rank IS NOT NULL)
            SELECT lane_id AS LaneId,
                   min((SELECT min(due_at) FROM ready WHERE lane_id = ranks.lane_id AND rank = ranks.rank)) AS DueAt
            FROM ranks WHERE rank IS NOT NULL GROUP BY lane_id
            """).ToListAsync(cancellationToken);
        return rows.ToDictionary(row => row.LaneId, row => DateTimeOffset.FromUnixTimeMilliseconds(row.DueAt));
    }

    private sealed record LaneDue(int LaneId, long DueAt);

    private sealed record LaneMinute
    {
        public int LaneId { get; init; }
        public int Minute { get; init; }
        public int Submitted { get; init; }
        public int Done { get; init; }
        public int Failed { get; init; }
        public int Retried { get; init; }
        public int Started { get; init; }
        public long WaitMilliseconds { get; init; }
        public long RunMilliseconds { get; init; }
    }

    internal static JobCounts Sum(IEnumerable<JobCounts> counts) => counts.Aggregate(new JobCounts(), (sum, each) => new JobCounts
    {
        Pending = sum.Pending + each.Pending,
        Running = sum.Running + each.Running,
        Done = sum.Done + each.Done,
        Failed = sum.Failed + each.Failed,
        DeadLettered = sum.DeadLettered + each.DeadLettered,
        OldestReady = sum.OldestReady is { } a && each.OldestReady is { } b ? Max(a, b) : sum.OldestReady ?? each.OldestReady,
        DonePerMinute = sum.DonePerMinute + each.DonePerMinute,
        FailedPerMinute = sum.FailedPerMinute + each.FailedPerMinute,
    });

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
