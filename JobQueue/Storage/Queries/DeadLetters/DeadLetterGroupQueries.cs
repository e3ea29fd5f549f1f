using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.DeadLetters;

/// <summary>Reads the dead letter queue by kind of failure. Thread-safe.</summary>
public sealed class DeadLetterGroupQueries
{
    private readonly IDbContextFactory<JobQueueDb> _databases;

    internal DeadLetterGroupQueries(IDbContextFactory<JobQueueDb> databases) => _databases = databases;

    /// <summary>Latest first, out of the newest <see cref="JobQueries.ScanLimit"/> that match: the cost does not grow beyond them.</summary>
    public async Task<IReadOnlyList<DeadLetterGroup>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var newest = db.DeadLetters.OrderByDescending(row => row.DeadAt).Take(JobQueries.ScanLimit);
        if (filter.Tenant is { } tenant)
        {
            newest = db.DeadLetters.Where(row => row.TenantId == tenant.Value)
                .OrderByDescending(row => row.DeadAt).Take(JobQueries.ScanLimit);
        }

        var rows = await (
            from row in db.Matching(newest, filter)
            join lane in db.Lanes on row.LaneId equals lane.Id
            join owner in db.Tenants on row.TenantId equals owner.Id
            select new { Tenant = owner.Name, lane.Type, row.Fingerprint, row.DeadAt, row.ErrorMessage }).ToListAsync(cancellationToken);
        return rows
            .GroupBy(row => (row.Tenant, row.Type, row.Fingerprint))
            .Select(group => new DeadLetterGroup(
                group.Key.Tenant,
                group.Key.Type,
                group.Key.Fingerprint,
                group.MaxBy(row => row.DeadAt)!.ErrorMessage,
                group.Count(),
                group.Min(row => row.DeadAt),
                group.Max(row => row.DeadAt)))
            .OrderByDescending(group => group.LastDeadAt)
            .ThenBy(group => group.Fingerprint, StringComparer.Ordinal)
            .ToList();
    }
}
