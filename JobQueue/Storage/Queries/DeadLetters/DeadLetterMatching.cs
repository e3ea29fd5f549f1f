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
        var (folded, idPattern) = (TextSearch.Fold(text), IdText.PatternOf(text));
        return rows.Where(row =>
            (idPattern != null && EF.Functions.Like(IdText.Hex(row.JobId), idPattern))
            || TextSearch.Contains(row.ErrorMessage, folded)
            || TextSearch.Contains(row.ErrorType, folded)
            || db.Lanes.Any(lane => lane.Id == row.LaneId && TextSearch.Contains(lane.Type, folded))
            || db.Jobs.Any(job => job.Id == row.JobId && TextSearch.Contains(job.IdempotencyKey, folded)));
    }
}
