using JobQueue.Queues;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.Stats;

/// <summary>
/// Reads of queues: each that has a job kept or is paused, by tenant and name. A page costs what is on it, however many queues
/// there are. Thread-safe.
/// </summary>
public sealed class QueueQueries
{
    /// <summary>Tenants looked at for one page: then it ends, however short it is.</summary>
    private const int MaxTenants = 200;

    /// <summary>Comes after every name.</summary>
    private const string Last = "~";

    private readonly IDbContextFactory<JobQueueDb> _databases;
    private readonly TimeProvider _time;

    internal QueueQueries(IDbContextFactory<JobQueueDb> databases, TimeProvider time) => (_databases, _time) = (databases, time);

    /// <param name="scope">The one tenant in sight, or <see langword="null"/> for all.</param>
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<Page<QueueState>> PageAsync(TenantId? scope, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var (tenantName, after) = cursor is null ? ("", "") : NameCursor.Decode(cursor);
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        // A job on its way from one place to another must not be counted in both, or in none.
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        var tenants = await TenantsFromAsync(db, scope, tenantName, cancellationToken);
        var items = new List<QueueState>();
        foreach (var tenant in tenants)
        {
            // One more than fits tells whether there is a next page.
            items.AddRange(await AfterAsync(db, tenant, tenant.Name == tenantName ? after : "", limit + 1 - items.Count, cancellationToken));
            if (items.Count > limit)
            {
                items.RemoveAt(limit);
                return new Page<QueueState>(items, NameCursor.Encode(items[^1].Tenant, items[^1].Name));
            }
        }

        var more = tenants.Count == MaxTenants;
        return new Page<QueueState>(items, more ? NameCursor.Encode(tenants[^1].Name, Last) : null);
    }

    /// <summary>One queue; all zero when it was never used.</summary>
    public async Task<QueueState> FindAsync(TenantId tenant, string name, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        var row = await db.Tenants.FirstAsync(each => each.Id == tenant.Value, cancellationToken);
        var lanes = await CountsOf(db.Lanes.Where(lane => lane.TenantId == row.Id && lane.Queue == name)).ToListAsync(cancellationToken);
        var paused = await PausedNow(db, row).Where(each => each.Name == name).ToListAsync(cancellationToken);
        return (await StatesAsync(db, row, [name], lanes, paused, cancellationToken)).Single();
    }

    /// <summary>The paused ones.</summary>
    public async Task<IReadOnlyList<QueueState>> PausedAsync(TenantId? scope, int limit, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var paused = await (
            from row in db.PausedQueues
            join tenant in db.Tenants on row.TenantId equals tenant.Id
            where (scope == null || row.TenantId == scope.Value.Value) && (row.Until == null || row.Until > now)
            orderby tenant.Name, row.Name
            select new
            {
                Tenant = tenant.Name,
                Row = row,
                Pending = db.Lanes.Where(lane => lane.TenantId == row.TenantId && lane.Queue == row.Name).Sum(lane => lane.Pending),
            }).Take(limit).ToListAsync(cancellationToken);
        return paused.ConvertAll(each => new QueueState(
            each.Tenant, each.Row.Name, new JobCounts { Pending = each.Pending }, PauseOf(each.Row)));
    }

    /// <summary>Names to choose from, in order.</summary>
    /// <param name="start">What they begin with, in any case.</param>
    public async Task<IReadOnlyList<string>> NamesAsync(TenantId? scope, string start, int limit, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var pattern = Like.StartingWith(start.ToLowerInvariant());
        return await db.Lanes
            .Where(lane => (scope == null || lane.TenantId == scope.Value.Value) && EF.Functions.Like(lane.Queue.ToLower(), pattern, Like.Escape))
            .GroupBy(lane => lane.Queue).Select(group => group.Key)
            .OrderBy(name => name).Take(limit).ToListAsync(cancellationToken);
    }

    private static async Task<List<TenantRow>> TenantsFromAsync(
        JobQueueDb db, TenantId? scope, string name, CancellationToken cancellationToken) => await db.Tenants
        .Where(tenant => (scope == null || tenant.Id == scope.Value.Value) && string.Compare(tenant.Name, name) >= 0)
        .OrderBy(tenant => tenant.Name).Take(MaxTenants).ToListAsync(cancellationToken);

    private async Task<List<QueueState>> AfterAsync(
        JobQueueDb db, TenantRow tenant, string after, int limit, CancellationToken cancellationToken)
    {
        // Grouped rather than made distinct: so it is one walk over the index that ends at the limit.
        var used = db.Lanes.Where(lane => lane.TenantId == tenant.Id && string.Compare(lane.Queue, after) > 0)
            .GroupBy(lane => lane.Queue).Select(group => group.Key)
            .OrderBy(name => name).Take(limit);
        var lanes = await CountsOf(db.Lanes.Where(lane => lane.TenantId == tenant.Id && used.Contains(lane.Queue))).ToListAsync(cancellationToken);
        var paused = await PausedNow(db, tenant).Where(row => string.Compare(row.Name, after) > 0)
            .OrderBy(row => row.Name).Take(limit).ToListAsync(cancellationToken);
        var names = lanes.Select(lane => lane.Queue).Union(paused.Select(row => row.Name)).Order(StringComparer.Ordinal).Take(limit).ToList();
        return names.Count == 0 ? [] : await StatesAsync(db, tenant, names, lanes, paused, cancellationToken);
    }

    /// <param name="names">In order, at least one.</param>
    /// <param name="lanes">Theirs, and perhaps others.</param>
    /// <param name="paused">Those of them that are, and perhaps others.</param>
    private async Task<List<QueueState>> StatesAsync(
        JobQueueDb db,
        TenantRow tenant,
        List<string> names,
        List<LaneCounts> lanes,
        List<PausedQueueRow> paused,
        CancellationToken cancellationToken)
    {
        var (first, last, id) = (names[0], names[^1], new TenantId(tenant.Id));
        var window = RateWindow.At(_time.GetUtcNow());
        var inRange = db.Lanes.Where(lane =>
            lane.TenantId == tenant.Id && string.Compare(lane.Queue, first) >= 0 && string.Compare(lane.Queue, last) <= 0);
        var running = await (
            from lease in db.Leases
            join lane in db.Lanes on lease.LaneId equals lane.Id
            where lease.TenantId == tenant.Id
            group lease by lane.Queue into queue
            select new { queue.Key, Count = queue.Count() }).ToDictionaryAsync(queue => queue.Key, queue => queue.Count, cancellationToken);
        var oldest = await OldestReady.ByLaneAsync(db, id, first, last, cancellationToken);
        var recent = (await LaneMinutes.Since(db, inRange, window.First).ToListAsync(cancellationToken)).ToLookup(row => row.LaneId);
        var (of, pauses) = (lanes.ToLookup(lane => lane.Queue), paused.ToDictionary(row => row.Name));
        return [.. names.Select(name => new QueueState(
            tenant.Name,
            name,
            new JobCounts
            {
                Pending = of[name].Sum(lane => lane.Pending),
                Running = running.GetValueOrDefault(name),
                Done = of[name].Sum(lane => lane.Done),
                Failed = of[name].Sum(lane => lane.Failed),
                DeadLettered = of[name].Sum(lane => lane.Dead),
                OldestReady = of[name].Where(lane => oldest.ContainsKey(lane.Id)).Select(lane => (TimeSpan?)window.Since(oldest[lane.Id])).Max(),
                DonePerMinute = of[name].Sum(lane => recent[lane.Id].Sum(row => row.Done * window.Weight(row.Minute))),
                FailedPerMinute = of[name].Sum(lane => recent[lane.Id].Sum(row => row.Failed * window.Weight(row.Minute))),
            },
            pauses.GetValueOrDefault(name) is { } row ? PauseOf(row) : null))];
    }

    private static IQueryable<LaneCounts> CountsOf(IQueryable<LaneRow> lanes) =>
        lanes.Select(lane => new LaneCounts(lane.Id, lane.Queue, lane.Pending, lane.Done, lane.Failed, lane.Dead));

    private IQueryable<PausedQueueRow> PausedNow(JobQueueDb db, TenantRow tenant)
    {
        var now = _time.GetUtcNow();
        return db.PausedQueues.Where(row => row.TenantId == tenant.Id && (row.Until == null || row.Until > now));
    }

    private static QueuePause PauseOf(PausedQueueRow row) => new(row.PausedAt, row.PausedBy, row.Reason, row.Until);

    private sealed record LaneCounts(int Id, string Queue, int Pending, int Done, int Failed, int Dead);
}
