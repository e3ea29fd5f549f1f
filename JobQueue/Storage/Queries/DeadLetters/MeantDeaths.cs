using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.DeadLetters;

internal static class MeantDeaths
{
    /// <summary>What a bulk command means, at one moment, oldest first.</summary>
    /// <param name="slice">Ids in one question: each is a parameter, of which a statement takes some ten thousand.</param>
    public static async Task<List<Death>> MeantAsync(
        this IDbContextFactory<JobQueueDb> databases, DeadLetterFilter filter, int slice, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var meant = new List<Death>();
        foreach (var ids in filter.JobIds?.Distinct().Chunk(slice) ?? [null!])
        {
            meant.AddRange(await db.Matching(db.DeadLetters, filter with { JobIds = ids })
                .OrderBy(row => row.DeadAt).ThenBy(row => row.JobId)
                .Select(row => new Death(row.JobId, row.Attempts))
                .ToListAsync(cancellationToken));
        }

        return meant;
    }
}
