using JobQueue.Jobs;
using JobQueue.Storage;
using JobQueue.Storage.Entities;
using JobQueue.Storage.Queries;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Access;

/// <summary>Who did what to what, when and from where.</summary>
internal sealed record AuditEntry(
    long Id, DateTimeOffset At, string Actor, string Action, string? Tenant, string? Target, string? Detail, string? RemoteAddress);

/// <summary>Which entries a list shows. All conditions must hold.</summary>
internal sealed record AuditFilter(string? Actor = null, string? Action = null, string? Tenant = null);

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

internal static class AuditWriting
{
    /// <summary>Adds an entry to the transaction that does what it tells of.</summary>
    public static void AddAudit(
        this JobQueueDb db, DateTimeOffset at, Actor actor, string action, string? tenant, string? target, string? detail = null) =>
        db.Audit.Add(new AuditRow
        {
            At = at,
            Actor = actor.Name,
            Action = action,
            Tenant = tenant,
            Target = target,
            Detail = detail,
            RemoteAddress = actor.RemoteAddress,
        });
}
