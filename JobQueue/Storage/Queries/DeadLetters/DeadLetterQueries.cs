using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Jobs;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.DeadLetters;

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

    /// <param name="withPayloads">Whether the entries carry payloads; lists of the dashboard need none.</param>
    /// <param name="maxBytes">What the payloads may have together: the page ends before it would be more, but holds one entry.</param>
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<Page<DeadLetter>> ListAsync(
        DeadLetterFilter filter,
        string? cursor,
        int limit,
        CancellationToken cancellationToken,
        bool withPayloads = true,
        long maxBytes = long.MaxValue)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        // The page and the place where its window ends belong together, or entries would be shown twice.
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        var walk = Visible(db, filter);
        if (cursor is not null)
        {
            var (at, id) = Read(cursor);
            walk = walk.Where(row => row.DeadAt < at || (row.DeadAt == at && row.JobId.CompareTo(id) < 0));
        }

        // An entry whose job has the text for its key stands on the first page, however many died later, and on no other.
        var keyed = await db.WithKeyAsync(filter.Tenant, filter.Text, limit, cancellationToken);
        if (keyed.Count > 0)
            walk = walk.Where(row => !keyed.Contains(row.JobId));
        var named = cursor is not null || keyed.Count == 0 ? []
            : await Parts(db, db.Matching(Visible(db, filter).Where(row => keyed.Contains(row.JobId)), filter)).ToListAsync(cancellationToken);
        var room = Math.Max(0, limit - named.Count);
        var window = walk.OrderByDescending(row => row.DeadAt).ThenByDescending(row => row.JobId).Take(JobQueries.ScanLimit);
        var matches = db.Matching(window, filter).OrderByDescending(row => row.DeadAt).ThenByDescending(row => row.JobId).Take(room + 1);
        var parts = await Parts(db, matches)
            .OrderByDescending(part => part.Row.DeadAt).ThenByDescending(part => part.Row.JobId)
            .ToListAsync(cancellationToken);
        var shown = named.Concat(parts.Take(room)).ToList();
        var ids = shown.ConvertAll(part => part.Row.JobId);
        if (withPayloads)
            ids = ids.GetRange(0, Math.Max(named.Count, await db.CountFittingAsync(ids, maxBytes, cancellationToken)));
        var payloads = withPayloads ? await db.PayloadsAsync(ids, cancellationToken) : [];
        var items = shown.Take(ids.Count)
            .OrderByDescending(part => part.Row.DeadAt).ThenByDescending(part => part.Row.JobId)
            .Select(part => part.ToDeadLetter(payloads.TryGetValue(part.Row.JobId, out var held) ? held.Payload : []))
            .ToList();
        var walked = ids.Count - named.Count;
        if (parts.Count > walked)
            return new Page<DeadLetter>(items, walked == 0 ? Cursor.Newest : Cursor.Encode(parts[walked - 1].Row.DeadAt, parts[walked - 1].Row.JobId));
        var last = await window.Skip(JobQueries.ScanLimit - 1).FirstOrDefaultAsync(cancellationToken);
        return new Page<DeadLetter>(items, last is null ? null : Cursor.Encode(last.DeadAt, last.JobId));
    }

    /// <summary>The page before one that begins at a cursor: the matching entries just newer than it, last dead first, without payloads.</summary>
    /// <returns>The cursor leads on to still newer entries; <see langword="null"/> when these are the newest.</returns>
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<Page<DeadLetter>> NewerAsync(
        DeadLetterFilter filter, string cursor, int limit, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var (at, id) = Read(cursor);
        var window = Visible(db, filter)
            .Where(row => row.DeadAt > at || (row.DeadAt == at && row.JobId.CompareTo(id) > 0))
            .OrderBy(row => row.DeadAt).ThenBy(row => row.JobId).Take(JobQueries.ScanLimit);
        var matches = db.Matching(window, filter).OrderBy(row => row.DeadAt).ThenBy(row => row.JobId).Take(limit + 1);
        var found = await Parts(db, matches)
            .OrderBy(part => part.Row.DeadAt).ThenBy(part => part.Row.JobId)
            .ToListAsync(cancellationToken);
        var items = found.Take(limit).Select(part => part.ToDeadLetter([])).Reverse().ToList();
        return new Page<DeadLetter>(items, found.Count > limit ? CursorOf(items[0]) : null);
    }

    /// <summary>How many entries match, <see cref="JobQueries.ScanLimit"/> at most.</summary>
    /// <param name="after">A cursor: only entries newer than it count.</param>
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<int> CountAsync(DeadLetterFilter filter, string? after, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var walk = Visible(db, filter);
        if (after is not null)
        {
            var (at, id) = Read(after);
            walk = walk.Where(row => row.DeadAt > at || (row.DeadAt == at && row.JobId.CompareTo(id) > 0));
        }

        return await db.Matching(walk.OrderByDescending(row => row.DeadAt).Take(JobQueries.ScanLimit), filter).CountAsync(cancellationToken);
    }

    /// <summary>The place of an entry in the list.</summary>
    public static string CursorOf(DeadLetter entry) => Cursor.Encode(entry.DeadAt, entry.JobId);

    /// <summary>The rows to walk over: what an index finds.</summary>
    private static IQueryable<DeadLetterRow> Visible(JobQueueDb db, DeadLetterFilter filter)
    {
        var rows = filter.Tenant is { } tenant ? db.DeadLetters.Where(row => row.TenantId == tenant.Value) : db.DeadLetters;
        if (filter.JobIds is { } ids)
            rows = rows.Where(row => ids.Contains(row.JobId));
        if (filter.Text is { } text && IdText.TryParse(text, out var id))
            rows = rows.Where(row => row.JobId == id);
        if (filter.DeadAfter is { } after)
            rows = rows.Where(row => row.DeadAt >= after);
        if (filter.DeadBefore is { } before)
            rows = rows.Where(row => row.DeadAt < before);
        return rows;
    }

    private static (DateTimeOffset At, JobId Id) Read(string cursor) =>
        Cursor.TryDecode(cursor, out var at, out var id) ? (at, id) : throw new InvalidCursorException();

    private static IQueryable<DeadLetterParts> Parts(JobQueueDb db, IQueryable<DeadLetterRow> rows) =>
        from row in rows
        join lane in db.Lanes on row.LaneId equals lane.Id
        join owner in db.Tenants on row.TenantId equals owner.Id
        select new DeadLetterParts { Row = row, Lane = lane, Tenant = owner.Name };

    private sealed class DeadLetterParts
    {
        public required DeadLetterRow Row { get; init; }
        public required LaneRow Lane { get; init; }
        public required string Tenant { get; init; }

        public DeadLetter ToDeadLetter(byte[] payload) => new(
            Row.JobId,
            Tenant,
            Lane.Queue,
            Lane.Type,
            Row.Reason,
            new JobError(Row.ErrorMessage, Row.ErrorType),
            Row.Fingerprint,
            Row.Attempts,
            Row.DeadAt,
            payload);
    }
}
