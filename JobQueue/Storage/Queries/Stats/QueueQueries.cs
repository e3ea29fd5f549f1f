using JobQueue.Queues;
using JobQueue.Storage.Model;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.Stats;

/// <summary>Reads of queues. Thread-safe.</summary>
public sealed class QueueQueries
{
    private readonly StatsQueries _stats;
    private readonly IDbContextFactory<JobQueueDb> _databases;
    private readonly TimeProvider _time;

    internal QueueQueries(StatsQueries stats, IDbContextFactory<JobQueueDb> databases, TimeProvider time) =>
        (_stats, _databases, _time) = (stats, databases, time);

    /// <summary>Each queue that ever had a job or is paused, by tenant and name.</summary>
    /// <param name="scope">The one tenant in sight, or <see langword="null"/> for all.</param>
    public async Task<IReadOnlyList<QueueState>> ListAsync(TenantId? scope, CancellationToken cancellationToken)
    {
        var counts = (await _stats.QueuesAsync(scope, cancellationToken))
            .ToDictionary(queue => (queue.Tenant, queue.Queue), queue => queue.Counts);
        var now = _time.GetUtcNow();
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var paused = await (
            from row in db.PausedQueues
            join tenant in db.Tenants on row.TenantId equals tenant.Id
            where (scope == null || row.TenantId == scope.Value.Value) && (row.Until == null || row.Until > now)
            select new { Tenant = tenant.Name, Row = row }).ToListAsync(cancellationToken);
        var pauses = paused.ToDictionary(
            pair => (pair.Tenant, pair.Row.Name),
            pair => new QueuePause(pair.Row.PausedAt, pair.Row.PausedBy, pair.Row.Reason, pair.Row.Until));
        return counts.Keys.Union(pauses.Keys)
            .OrderBy(key => key.Item1, StringComparer.Ordinal)
            .ThenBy(key => key.Item2, StringComparer.Ordinal)
            .Select(key => new QueueState(
                key.Item1, key.Item2, counts.GetValueOrDefault(key) ?? new JobCounts(), pauses.GetValueOrDefault(key)))
            .ToList();
    }
}
