using JobQueue.Access.Audit;
using JobQueue.Storage.Model;
using JobQueue.Storage.Queries;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Access;

/// <summary>Reads of the audit log, newest first. It is written by those who do what it tells of, in the same transaction.</summary>
internal sealed class AuditStore(IDbContextFactory<JobQueueDb> databases)
{
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<Page<AuditEntry>> ListAsync(AuditFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var walk = filter.Tenant is { } tenant ? db.Audit.Where(row => row.Tenant == tenant) : db.Audit;
        if (cursor is not null)
        {
            var before = NumberCursor.Decode(cursor, long.MaxValue);
            walk = walk.Where(row => row.Id < before);
        }

        var window = walk.OrderByDescending(row => row.Id).Take(JobQueries.ScanLimit);
        var matches = window;
        if (filter.Actor is { } actor)
            matches = matches.Where(row => row.Actor == actor);
        if (filter.Action is { } action)
            matches = matches.Where(row => row.Action == action);
        var entries = await matches.OrderByDescending(row => row.Id).Take(limit + 1)
            .Select(row => new AuditEntry(
                row.Id, row.At, row.Actor, row.Action, row.Tenant, row.Target, row.Detail, row.RemoteAddress))
            .ToListAsync(cancellationToken);
        if (entries.Count > limit)
            return new Page<AuditEntry>(entries.GetRange(0, limit), NumberCursor.Encode(entries[limit - 1].Id));
        var last = await window.Skip(JobQueries.ScanLimit - 1).Select(row => (long?)row.Id).FirstOrDefaultAsync(cancellationToken);
        return new Page<AuditEntry>(entries, last is { } boundary ? NumberCursor.Encode(boundary) : null);
    }
}
