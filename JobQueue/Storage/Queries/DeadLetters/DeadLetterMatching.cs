using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Jobs;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.DeadLetters;

internal static class DeadLetterMatching
{
    /// <summary>The rows a filter means; also what bulk commands look up, slice by slice, before the writer changes each row that still stands so.</summary>
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
        var pattern = Like.Containing(text);
        var mayBeId = JobId.TryParsePrefix(text, out var first, out var last);
        return rows.Where(row =>
            (mayBeId && row.JobId.CompareTo(first) >= 0 && row.JobId.CompareTo(last) <= 0)
            || EF.Functions.Like(row.ErrorMessage, pattern, Like.Escape)
            || EF.Functions.Like(row.ErrorType!, pattern, Like.Escape)
            || db.Lanes.Any(lane => lane.Id == row.LaneId && EF.Functions.Like(lane.Type, pattern, Like.Escape))
            || db.Jobs.Any(job => job.Id == row.JobId && EF.Functions.Like(job.IdempotencyKey!, pattern, Like.Escape)));
    }
}
