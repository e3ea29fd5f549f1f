using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Jobs;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries;

/// <summary>
/// Reads of jobs, on snapshots that never wait for the writer. A null scope sees every tenant; what lies outside the scope is
/// as good as not there. Thread-safe.
/// </summary>
public sealed class JobQueries
{
    /// <summary>Rows one call looks at, however few of them match: what keeps its cost flat.</summary>
    public const int ScanLimit = 10_000;

    private readonly IDbContextFactory<JobQueueDb> _databases;
    private readonly IJobBoard _board;
    private readonly TimeProvider _time;

    internal JobQueries(IDbContextFactory<JobQueueDb> databases, IJobBoard board, TimeProvider time) =>
        (_databases, _board, _time) = (databases, board, time);

    /// <param name="withPayload">Whether the job carries payload and result.</param>
    public async Task<Job?> FindAsync(TenantId? scope, JobId id, CancellationToken cancellationToken, bool withPayload = true)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var parts = await db.Parts(Visible(db, scope).Where(job => job.Id == id), withPayload).FirstOrDefaultAsync(cancellationToken);
        return parts?.ToJob(await _board.HoldupsAsync([parts], cancellationToken), _time.GetUtcNow());
    }

    public async Task<bool> ExistsAsync(TenantId? scope, JobId id, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        return await Visible(db, scope).AnyAsync(job => job.Id == id, cancellationToken);
    }

    /// <summary>The jobs of these ids that are in sight, in the ids' order.</summary>
    /// <param name="maxBytes">As for <see cref="ListAsync"/>: the first ids whose jobs fit.</param>
    public async Task<IReadOnlyList<Job>> FindManyAsync(
        TenantId? scope, IReadOnlyList<JobId> ids, CancellationToken cancellationToken, bool withPayloads = true, long maxBytes = long.MaxValue)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        if (maxBytes < long.MaxValue)
            ids = [.. ids.Take(await db.CountFittingAsync(ids, maxBytes, cancellationToken))];
        var parts = await db.Parts(Visible(db, scope).Where(job => ids.Contains(job.Id)), withPayloads).ToListAsync(cancellationToken);
        await snapshot.DisposeAsync();
        var (holdups, now) = (await _board.HoldupsAsync(parts, cancellationToken), _time.GetUtcNow());
        var found = parts.ToDictionary(part => part.Job.Id, part => part.ToJob(holdups, now));
        return ids.Where(found.ContainsKey).Select(id => found[id]).ToList();
    }

    /// <summary>Newest first.</summary>
    /// <param name="withPayloads">Whether the jobs carry payloads and results; lists of the dashboard need none.</param>
    /// <param name="maxBytes">What payloads and results may have together: the page ends before it would be more, but holds one job.</param>
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<Page<Job>> ListAsync(
        JobFilter filter, string? cursor, int limit, bool withPayloads, CancellationToken cancellationToken, long maxBytes = long.MaxValue)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        // The page and the place where its window ends belong together, or rows would be shown twice.
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        var walk = await WalkAsync(db, filter, cancellationToken);
        if (cursor is not null)
        {
            if (!Cursor.TryDecode(cursor, out JobId before))
                throw new InvalidCursorException();
            walk = walk.Where(job => job.Id.CompareTo(before) < 0);
        }

        // A job whose key the text is stands on the first page, however many are newer, and on no other.
        var keyed = await db.WithKeyAsync(filter.Tenant, filter.Text, limit, cancellationToken);
        if (keyed.Count > 0)
            walk = walk.Where(job => !keyed.Contains(job.Id));
        var named = cursor is not null || keyed.Count == 0 ? []
            : await db.Parts(Matching(db, Visible(db, filter.Tenant).Where(job => keyed.Contains(job.Id)), filter), withPayloads: false).ToListAsync(cancellationToken);
        var room = Math.Max(0, limit - named.Count);
        var window = walk.OrderByDescending(job => job.Id).Take(ScanLimit);
        var matches = Matching(db, window, filter).OrderByDescending(job => job.Id).Take(room + 1);
        var parts = await db.Parts(matches, withPayloads: false).OrderByDescending(part => part.Job.Id).ToListAsync(cancellationToken);
        var shown = named.Concat(parts.Take(room)).ToList();
        var ids = shown.ConvertAll(part => part.Job.Id);
        if (withPayloads)
            ids = ids.GetRange(0, Math.Max(named.Count, await db.CountFittingAsync(ids, maxBytes, cancellationToken)));
        var payloads = withPayloads ? await db.PayloadsAsync(ids, cancellationToken) : [];
        var walked = ids.Count - named.Count;
        var last = parts.Count > walked
            ? (walked == 0 ? JobId.Greatest : parts[walked - 1].Job.Id)
            : await window.Skip(ScanLimit - 1).Select(job => (JobId?)job.Id).FirstOrDefaultAsync(cancellationToken);
        await snapshot.DisposeAsync();
        var (holdups, now) = (await _board.HoldupsAsync(shown, cancellationToken), _time.GetUtcNow());
        var items = shown.Take(ids.Count).OrderByDescending(part => part.Job.Id)
            .Select(part => part.ToJob(holdups, now, payloads.GetValueOrDefault(part.Job.Id))).ToList();
        return new Page<Job>(items, last is { } boundary ? Cursor.Encode(boundary) : null);
    }

    /// <summary>The page before one that begins at a cursor: the matching jobs just newer than it, newest first, without payloads.</summary>
    /// <returns>The cursor leads on to still newer jobs; <see langword="null"/> when these are the newest.</returns>
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<Page<Job>> NewerAsync(JobFilter filter, string cursor, int limit, CancellationToken cancellationToken)
    {
        if (!Cursor.TryDecode(cursor, out JobId after))
            throw new InvalidCursorException();
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var walk = await WalkAsync(db, filter, cancellationToken);
        var window = walk.Where(job => job.Id.CompareTo(after) > 0).OrderBy(job => job.Id).Take(ScanLimit);
        var matches = Matching(db, window, filter).OrderBy(job => job.Id).Take(limit + 1);
        var parts = await db.Parts(matches, withPayloads: false).OrderBy(part => part.Job.Id).ToListAsync(cancellationToken);
        var (holdups, now) = (await _board.HoldupsAsync(parts, cancellationToken), _time.GetUtcNow());
        var items = parts.Take(limit).Select(part => part.ToJob(holdups, now)).Reverse().ToList();
        return new Page<Job>(items, parts.Count > limit ? Cursor.Encode(items[0].Id) : null);
    }

    /// <summary>How many jobs match, <see cref="ScanLimit"/> at most.</summary>
    /// <param name="after">A cursor: only jobs newer than it count.</param>
    /// <exception cref="InvalidCursorException">The cursor is not ours.</exception>
    public async Task<int> CountAsync(JobFilter filter, string? after, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var walk = await WalkAsync(db, filter, cancellationToken);
        if (after is not null)
        {
            if (!Cursor.TryDecode(after, out JobId newerThan))
                throw new InvalidCursorException();
            walk = walk.Where(job => job.Id.CompareTo(newerThan) > 0);
        }

        return await Matching(db, walk.OrderByDescending(job => job.Id).Take(ScanLimit), filter).CountAsync(cancellationToken);
    }

    /// <summary>Every attempt, first to last; <see langword="null"/> when the job is not in sight.</summary>
    public async Task<IReadOnlyList<JobAttempt>?> AttemptsAsync(TenantId? scope, JobId id, CancellationToken cancellationToken) =>
        await FindAsync(scope, id, cancellationToken, withPayload: false) is { } job ? await AttemptsAsync(job, cancellationToken) : null;

    /// <summary>Every attempt of a job that was just read, first to last.</summary>
    public async Task<IReadOnlyList<JobAttempt>> AttemptsAsync(Job job, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Attempts.Where(row => row.JobId == job.Id).OrderBy(row => row.Number).ToListAsync(cancellationToken);
        var attempts = rows.ConvertAll(row => new JobAttempt(
            row.Number,
            row.Worker,
            row.StartedAt,
            row.FinishedAt,
            row.Outcome,
            row.ErrorMessage is null ? null : new JobError(row.ErrorMessage, row.ErrorType)));
        // The attempt that runs or succeeded is in the job's own row.
        if (job is { StartedAt: { } started, Status: JobStatus.Running or JobStatus.Done } && rows.All(row => row.Number != job.Attempts))
        {
            attempts.Add(new JobAttempt(
                job.Attempts, job.Worker, started, job.FinishedAt, job.Status == JobStatus.Done ? AttemptOutcome.Done : null, null));
        }

        return attempts;
    }

    /// <summary>A page of the job's log in order; <see langword="null"/> when the job is not in sight.</summary>
    /// <param name="after">Lines already seen.</param>
    /// <param name="maxBytes">What the lines may have together: the page ends before it would be more, but holds one line.</param>
    public async Task<Page<JobLogLine>?> LogsAsync(
        TenantId? scope, JobId id, int after, int limit, CancellationToken cancellationToken, long maxBytes = long.MaxValue)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        if (!await Visible(db, scope).AnyAsync(job => job.Id == id, cancellationToken))
            return null;
        var rows = db.JobLogs
            .Where(row => row.JobId == id && row.Number > after)
            .OrderBy(row => row.Number)
            .Take(limit + 1)
            .Select(row => new JobLogLine(row.At, row.Attempt, row.Message));
        var lines = new List<JobLogLine>();
        var bytes = 0L;
        await foreach (var line in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            bytes += line.Bytes;
            // Lines are numbered from 1 without gaps, so the number of those already seen says where to go on.
            if (lines.Count == limit || (bytes > maxBytes && lines.Count > 0))
                return new Page<JobLogLine>(lines, NumberCursor.Encode(after + lines.Count));
            lines.Add(line);
        }

        return new Page<JobLogLine>(lines, null);
    }

    /// <summary>Whether any job was ever accepted in sight: decides between first-run help and "nothing matches".</summary>
    public async Task<bool> AnyAsync(TenantId? scope, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        return await Visible(db, scope).AnyAsync(cancellationToken);
    }

    private static IQueryable<JobRow> Visible(JobQueueDb db, TenantId? scope) =>
        scope is { } tenant ? db.Jobs.Where(job => job.TenantId == tenant.Value) : db.Jobs;

    /// <summary>
    /// The rows to walk over, chosen so that a rare status is found without looking at the others: running jobs by their
    /// leases, failed ones by their index, pending ones (while they are few) by the rows that say when they are due, and one
    /// job by its id.
    /// </summary>
    private static async Task<IQueryable<JobRow>> WalkAsync(JobQueueDb db, JobFilter filter, CancellationToken cancellationToken)
    {
        var jobs = Visible(db, filter.Tenant);
        if (filter.CreatedAfter is { } after)
        {
            var first = JobId.FirstOf(Math.Max(0, after.ToUnixTimeMilliseconds()));
            jobs = jobs.Where(job => job.Id.CompareTo(first) >= 0);
        }

        if (filter.Text is { } text && IdText.TryParse(text, out var id) && await jobs.AnyAsync(job => job.Id == id, cancellationToken))
            return jobs.Where(job => job.Id == id);
        if (filter.Reason is not null)
            return jobs.Where(job => job.Status == JobStatus.Failed && job.Reason != null);
        switch (filter.Status)
        {
            case JobStatus.Failed:
                return jobs.Where(job => job.Status == JobStatus.Failed && job.Reason != null);
            case JobStatus.Running:
                return jobs.Where(job => db.Leases.Select(lease => lease.JobId).Contains(job.Id));
            case JobStatus.Pending:
                var lanes = Lanes(db, filter);
                var pending = await lanes.SumAsync(lane => lane.Pending, cancellationToken);
                if (pending > ScanLimit)
                    return jobs;
                var laneIds = lanes.Where(lane => lane.Pending > 0).Select(lane => lane.Id);
                var lines = laneIds.Concat(db.Sidings.Where(siding => laneIds.Contains(siding.LaneId)).Select(siding => siding.Id));
                var ids = db.Ready.Where(row => lines.Contains(row.LaneId)).Select(row => row.JobId)
                    .Concat(db.Scheduled.Where(row => laneIds.Contains(row.LaneId)).Select(row => row.JobId));
                return jobs.Where(job => ids.Contains(job.Id));
            default:
                return jobs;
        }
    }

    private static IQueryable<LaneRow> Lanes(JobQueueDb db, JobFilter filter)
    {
        var lanes = db.Lanes.AsQueryable();
        if (filter.Tenant is { } tenant)
            lanes = lanes.Where(lane => lane.TenantId == tenant.Value);
        if (filter.Queue is { } queue)
            lanes = lanes.Where(lane => lane.Queue == queue);
        if (filter.Type is { } type)
            lanes = lanes.Where(lane => lane.Type == type);
        return lanes;
    }

    private static IQueryable<JobRow> Matching(JobQueueDb db, IQueryable<JobRow> jobs, JobFilter filter)
    {
        if (filter.Status is JobStatus.Running)
            jobs = jobs.Where(job => db.Leases.Any(lease => lease.JobId == job.Id));
        else if (filter.Status is { } status)
            jobs = jobs.Where(job => job.Status == status && !db.Leases.Any(lease => lease.JobId == job.Id));
        if (filter.Reason is { } reason)
            jobs = jobs.Where(job => job.Reason == reason);
        if (filter.Queue is not null || filter.Type is not null)
            jobs = jobs.Where(job => Lanes(db, filter).Select(lane => lane.Id).Contains(job.LaneId));
        if (filter.Tag is { } tag)
        {
            var needle = $"\n{tag}\n";
            jobs = jobs.Where(job => job.Tags != null && job.Tags.Contains(needle));
        }

        if (filter.CreatedAfter is { } after)
            jobs = jobs.Where(job => job.CreatedAt >= after);
        if (filter.CreatedBefore is { } before)
            jobs = jobs.Where(job => job.CreatedAt < before);
        return filter.Text is { } text ? WithText(db, jobs, text) : jobs;
    }

    private static IQueryable<JobRow> WithText(JobQueueDb db, IQueryable<JobRow> jobs, string text)
    {
        var (folded, idPattern) = (TextSearch.Fold(text), IdText.PatternOf(text));
        return jobs.Where(job =>
            (idPattern != null && EF.Functions.Like(IdText.Hex(job.Id), idPattern))
            || db.Lanes.Any(lane => lane.Id == job.LaneId && TextSearch.Contains(lane.Type, folded))
            || TextSearch.Contains(job.ErrorMessage, folded)
            || TextSearch.Contains(job.ErrorType, folded)
            || TextSearch.Contains(job.IdempotencyKey, folded));
    }
}
