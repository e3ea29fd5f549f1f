using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries;

/// <summary>Who tells of a job's ends.</summary>
public sealed class CallbackQueries
{
    private readonly IDbContextFactory<JobQueueDb> _databases;

    internal CallbackQueries(IDbContextFactory<JobQueueDb> databases) => _databases = databases;

    /// <summary>The jobs that deliver the callbacks of one, the newest first, as far as they are still kept.</summary>
    /// <param name="ended">A job in sight of who asks: what delivers its callbacks is its tenant's too.</param>
    public async Task<IReadOnlyList<JobId>> DeliveriesAsync(JobId ended, int limit, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        return await db.Callbacks
            .Where(row => row.EndedId == ended && db.Jobs.Any(job => job.Id == row.JobId))
            .OrderByDescending(row => row.JobId)
            .Select(row => row.JobId)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }
}
