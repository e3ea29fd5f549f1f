using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries;

/// <summary>Payloads and results of a page, read once it is known how many of them it may hold. In one snapshot with the page.</summary>
internal static class JobPayloads
{
    /// <summary>How many of the jobs, from the first on, have payloads that fit; one always does, or no page would ever get past it.</summary>
    public static async Task<int> CountFittingAsync(
        this JobQueueDb db, IReadOnlyList<JobId> ids, long maxBytes, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return 0;
        // The lengths stand in the head of a row: the payloads themselves are not read.
        var bytes = await db.Jobs.Where(job => ids.Contains(job.Id))
            .Select(job => new
            {
                job.Id,
                Bytes = job.Payload.Length + (job.Result == null ? 0 : job.Result.Length) + (job.OriginalPayload == null ? 0 : job.OriginalPayload.Length),
            })
            .ToDictionaryAsync(job => job.Id, job => (long)job.Bytes, cancellationToken);
        var count = 0;
        for (var total = 0L; count < ids.Count; count++)
        {
            total += bytes.GetValueOrDefault(ids[count]);
            if (total > maxBytes && count > 0)
                break;
        }

        return count;
    }

    public static async Task<Dictionary<JobId, JobPayload>> PayloadsAsync(
        this JobQueueDb db, IReadOnlyList<JobId> ids, CancellationToken cancellationToken) => ids.Count == 0 ? [] : await db.Jobs
        .Where(job => ids.Contains(job.Id))
        .Select(job => new JobPayload(job.Id, job.Payload, job.Result, job.OriginalPayload))
        .ToDictionaryAsync(job => job.Id, cancellationToken);
}
