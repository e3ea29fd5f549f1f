using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Jobs;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.DeadLetters;

/// <summary>
/// Reads the dead letter queue by kind of failure, off the counters of the kinds: a flood of one kind costs nothing and hides
/// no other. Thread-safe.
/// </summary>
public sealed class DeadLetterGroupQueries
{
    private readonly IDbContextFactory<JobQueueDb> _databases;

    internal DeadLetterGroupQueries(IDbContextFactory<JobQueueDb> databases) => _databases = databases;

    /// <summary>
    /// The kinds, latest first. Conditions that only some of a kind may meet are counted row by row: the page ends where that
    /// was <see cref="JobQueries.ScanLimit"/> rows.
    /// </summary>
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<Page<DeadLetterGroup>> ListAsync(
        DeadLetterFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        var kinds = await KindsAsync(db, filter, cursor, limit, cancellationToken);
        var groups = new List<DeadLetterGroup>();
        var counted = 0L;
        for (var i = 0; i < kinds.Count && i < limit && counted < JobQueries.ScanLimit; i++)
        {
            var (kind, tenant) = kinds[i];
            cursor = KindCursor.Encode(kind.LastDeadAt, kind.Fingerprint, kind.TenantId);
            var part = IsWhole(filter) ? new Part(kind.Count, kind.FirstDeadAt, kind.LastDeadAt) : await CountAsync(db, kind, filter, cancellationToken);
            if (!IsWhole(filter))
                counted += kind.Count;
            if (part is not null && await LatestAsync(db, kind, filter, cancellationToken) is { } latest)
                groups.Add(new DeadLetterGroup(tenant, latest.Type, kind.Fingerprint, latest.Message, part.Count, part.First, part.Last));
            if (i == kinds.Count - 1)
                cursor = null;
        }

        return new Page<DeadLetterGroup>(groups, kinds.Count == 0 ? null : cursor);
    }

    private static async Task<List<(DeadLetterKindRow Kind, string Tenant)>> KindsAsync(
        JobQueueDb db, DeadLetterFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var kinds = db.DeadLetterKinds.AsQueryable();
        if (filter.Tenant is { } tenant)
            kinds = kinds.Where(kind => kind.TenantId == tenant.Value);
        if (filter.Fingerprint is { } fingerprint)
            kinds = kinds.Where(kind => kind.Fingerprint == fingerprint);
        if (cursor is not null)
        {
            var (at, after, of) = KindCursor.Decode(cursor);
            kinds = kinds.Where(kind => kind.LastDeadAt <= at
                && (kind.LastDeadAt < at || kind.Fingerprint.CompareTo(after) < 0 || (kind.Fingerprint == after && kind.TenantId < of)));
        }

        var found = await (
            from kind in kinds
            join owner in db.Tenants on kind.TenantId equals owner.Id
            orderby kind.LastDeadAt descending, kind.Fingerprint descending, kind.TenantId descending
            select new { Kind = kind, Tenant = owner.Name }).Take(limit + 1).ToListAsync(cancellationToken);
        return found.ConvertAll(each => (each.Kind, each.Tenant));
    }

    /// <summary>Whether a kind meets the filter as a whole or not at all, so that its counter says how many do.</summary>
    private static bool IsWhole(DeadLetterFilter filter) => filter with { Tenant = null, Fingerprint = null } == new DeadLetterFilter();

    private static Task<Part?> CountAsync(
        JobQueueDb db, DeadLetterKindRow kind, DeadLetterFilter filter, CancellationToken cancellationToken) =>
        db.Matching(RowsOf(db, kind), filter)
            .GroupBy(_ => 1)
            .Select(rows => new Part(rows.Count(), rows.Min(row => row.DeadAt), rows.Max(row => row.DeadAt)))
            .FirstOrDefaultAsync(cancellationToken);

    private static Task<Latest?> LatestAsync(
        JobQueueDb db, DeadLetterKindRow kind, DeadLetterFilter filter, CancellationToken cancellationToken) => (
        from row in db.Matching(RowsOf(db, kind), filter).OrderByDescending(row => row.DeadAt).Take(1)
        join lane in db.Lanes on row.LaneId equals lane.Id
        select new Latest(lane.Type, row.ErrorMessage)).FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<DeadLetterRow> RowsOf(JobQueueDb db, DeadLetterKindRow kind) =>
        db.DeadLetters.Where(row => row.TenantId == kind.TenantId && row.Fingerprint == kind.Fingerprint);

    private sealed record Part(int Count, DateTimeOffset First, DateTimeOffset Last);

    private sealed record Latest(string Type, string Message);
}
