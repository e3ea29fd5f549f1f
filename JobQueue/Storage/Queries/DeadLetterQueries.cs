using JobQueue.Jobs;
using JobQueue.Storage.Entities;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries;

/// <summary>An entry of the dead letter queue.</summary>
public sealed record DeadLetter(
    JobId JobId,
    string Tenant,
    string Queue,
    string Type,
    FailReason Reason,
    JobError Error,
    string Fingerprint,
    int Attempts,
    DateTimeOffset DeadAt,
    ReadOnlyMemory<byte> Payload);

/// <summary>Reads of the dead letter queue, last dead first. Thread-safe.</summary>
public sealed class DeadLetterQueries
{
    private readonly IDbContextFactory<JobQueueDb> _databases;

    internal DeadLetterQueries(IDbContextFactory<JobQueueDb> databases) => _databases = databases;

    public async Task<DeadLetter?> FindAsync(TenantId? scope, JobId id, CancellationToken cancellationToken)
    {
        var page = await ListAsync(new DeadLetterFilter { Tenant = scope, JobIds = [id] }, null, 1, cancellationToken);
        return page.Items is [var entry, ..] ? entry : null;
    }

    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<Page<DeadLetter>> ListAsync(
        DeadLetterFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var walk = filter.Tenant is { } tenant ? db.DeadLetters.Where(row => row.TenantId == tenant.Value) : db.DeadLetters;
        if (cursor is not null)
        {
            if (!Cursor.TryDecode(cursor, out var at, out var id))
                throw new InvalidCursorException();
            walk = walk.Where(row => row.DeadAt < at || (row.DeadAt == at && row.JobId.CompareTo(id) < 0));
        }

        var window = walk.OrderByDescending(row => row.DeadAt).ThenByDescending(row => row.JobId).Take(JobQueries.ScanLimit);
        var matches = db.Matching(window, filter).OrderByDescending(row => row.DeadAt).ThenByDescending(row => row.JobId).Take(limit + 1);
        var found = await (
            from row in matches
            join lane in db.Lanes on row.LaneId equals lane.Id
            join owner in db.Tenants on row.TenantId equals owner.Id
            join job in db.Jobs on row.JobId equals job.Id
            orderby row.DeadAt descending, row.JobId descending
            select new { Row = row, Lane = lane, Tenant = owner.Name, job.Payload }).ToListAsync(cancellationToken);
        var items = found.Take(limit).Select(part => new DeadLetter(
            part.Row.JobId,
            part.Tenant,
            part.Lane.Queue,
            part.Lane.Type,
            part.Row.Reason,
            new JobError(part.Row.ErrorMessage, part.Row.ErrorType),
            part.Row.Fingerprint,
            part.Row.Attempts,
            part.Row.DeadAt,
            part.Payload)).ToList();
        if (found.Count > limit)
            return new Page<DeadLetter>(items, Cursor.Encode(items[^1].DeadAt, items[^1].JobId));
        var last = await window.Skip(JobQueries.ScanLimit - 1).FirstOrDefaultAsync(cancellationToken);
        return new Page<DeadLetter>(items, last is null ? null : Cursor.Encode(last.DeadAt, last.JobId));
    }
}

internal static class DeadLetterMatching
{
    /// <summary>The rows a filter means; also what bulk commands go by, inside the writer's transaction.</summary>
    public static IQueryable<DeadLetterRow> Matching(this JobQueueDb db, IQueryable<DeadLetterRow> rows, DeadLetterFilter filter)
    {
        if (filter.Tenant is { } tenant)
            rows = rows.Where(row => row.TenantId == tenant.Value);
        if (filter.JobIds is { } ids)
            rows = rows.Where(row => ids.Contains(row.JobId));
        if (filter.Reason is { } reason)
            rows = rows.Where(row => row.Reason == reason);
        if (filter.Fingerprint is { } fingerprint)
            rows = rows.Where(row => row.Fingerprint == fingerprint);
        if (filter.DeadAfter is { } after)
            rows = rows.Where(row => row.DeadAt >= after);
        if (filter.DeadBefore is { } before)
            rows = rows.Where(row => row.DeadAt < before);
        if (filter.Queue is { } queue)
            rows = rows.Where(row => db.Lanes.Any(lane => lane.Id == row.LaneId && lane.Queue == queue));
        if (filter.Type is { } type)
            rows = rows.Where(row => db.Lanes.Any(lane => lane.Id == row.LaneId && lane.Type == type));
        if (filter.Text is not { } text)
            return rows;
        if (JobId.TryParse(text, out var id))
            return rows.Where(row => row.JobId == id);
        var pattern = Like.Containing(text);
        return rows.Where(row =>
            EF.Functions.Like(row.ErrorMessage, pattern, Like.Escape)
            || EF.Functions.Like(row.ErrorType!, pattern, Like.Escape)
            || db.Lanes.Any(lane => lane.Id == row.LaneId && EF.Functions.Like(lane.Type, pattern, Like.Escape))
            || db.Jobs.Any(job => job.Id == row.JobId && EF.Functions.Like(job.IdempotencyKey!, pattern, Like.Escape)));
    }
}
