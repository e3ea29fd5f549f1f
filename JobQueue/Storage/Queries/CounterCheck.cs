using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries;

/// <summary>Holds what is maintained (counters of lanes and minutes, the places of jobs) against the rows. Walks over all of them.</summary>
internal static class CounterCheck
{
    private const int NamedOfAKind = 20;

    /// <param name="db">Within one snapshot.</param>
    /// <returns>A line for each thing that differs; of a kind that is frequent, the first ones and their number.</returns>
    public static async Task<List<string>> DifferencesAsync(JobQueueDb db, CancellationToken cancellationToken)
    {
        var differences = new List<string>();
        await CheckLanesAsync(db, differences, cancellationToken);
        await CheckPlacesAsync(db, differences, cancellationToken);
        await CheckMinutesAsync(db, differences, cancellationToken);
        return differences;
    }

    private static async Task CheckLanesAsync(JobQueueDb db, List<string> differences, CancellationToken cancellationToken)
    {
        var ready = await CountAsync(db.Ready.Where(row => row.LaneId > 0).Select(row => row.LaneId), cancellationToken);
        var aside = await CountAsync(
            from row in db.Ready join siding in db.Sidings on row.LaneId equals siding.Id select siding.LaneId, cancellationToken);
        var scheduled = await CountAsync(db.Scheduled.Select(row => row.LaneId), cancellationToken);
        var done = await CountAsync(db.Jobs.Where(job => job.Status == JobStatus.Done).Select(job => job.LaneId), cancellationToken);
        var failed = await CountAsync(db.Jobs.Where(job => job.Status == JobStatus.Failed).Select(job => job.LaneId), cancellationToken);
        var dead = await CountAsync(db.DeadLetters.Select(row => row.LaneId), cancellationToken);
        var found = new List<string>();
        await foreach (var lane in db.Lanes.Include(lane => lane.Tenant).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var waiting = Of(ready, lane.Id);
            (string Counter, int Says, int Rows)[] counters =
            [
                ("ready", lane.Ready, waiting),
                ("pending", lane.Pending, waiting + Of(aside, lane.Id) + Of(scheduled, lane.Id)),
                ("done", lane.Done, Of(done, lane.Id)),
                ("failed", lane.Failed, Of(failed, lane.Id)),
                ("dead letters", lane.Dead, Of(dead, lane.Id)),
            ];
            found.AddRange(counters.Where(counter => counter.Says != counter.Rows).Select(counter =>
                $"Queue {lane.Queue}, type {lane.Type} of tenant {lane.Tenant?.Name}: the counter of {counter.Counter} says {counter.Says}, there are {counter.Rows}."));
        }

        Add(differences, found, found.Count);
        var lanes = await db.Lanes.Select(lane => lane.Id).ToHashSetAsync(cancellationToken);
        differences.AddRange(new[] { ready, aside, scheduled, done, failed, dead }.SelectMany(counts => counts.Keys).Distinct().Where(id => !lanes.Contains(id))
            .Select(id => $"Jobs stand in lane {id}, which is missing."));
    }

    /// <summary>A job that has not ended stands in exactly one place, and what has a place has not ended.</summary>
    private static async Task CheckPlacesAsync(JobQueueDb db, List<string> differences, CancellationToken cancellationToken)
    {
        var pending = db.Jobs.Where(job => job.Status == JobStatus.Pending);
        await AddAsync(
            differences,
            "is pending and neither ready nor scheduled nor leased, or more than one of these",
            pending.Where(job =>
                (db.Ready.Any(row => row.LaneId == job.LaneId && row.Rank == -job.Priority && row.DueAt == job.RunAt && row.JobId == job.Id) ? 1 : 0)
                + (db.Sidings.Any(siding => siding.LaneId == job.LaneId && siding.Target == job.Target
                    && db.Ready.Any(row => row.LaneId == siding.Id && row.Rank == -job.Priority && row.DueAt == job.RunAt && row.JobId == job.Id)) ? 1 : 0)
                + (db.Scheduled.Any(row => row.DueAt == job.RunAt && row.JobId == job.Id) ? 1 : 0)
                + (db.Leases.Any(row => row.JobId == job.Id) ? 1 : 0) != 1).Select(job => job.Id),
            cancellationToken);
        await AddAsync(
            differences,
            "is ready, but its row says otherwise",
            db.Ready.Where(row => !pending.Any(job =>
                job.Id == row.JobId && job.Priority == -row.Rank && job.RunAt == row.DueAt
                && (job.LaneId == row.LaneId
                    || db.Sidings.Any(siding => siding.Id == row.LaneId && siding.LaneId == job.LaneId && siding.Target == job.Target))))
                .Select(row => row.JobId),
            cancellationToken);
        await AddAsync(
            differences,
            "is scheduled, but its row says otherwise",
            db.Scheduled.Where(row => !pending.Any(job => job.Id == row.JobId && job.LaneId == row.LaneId && job.RunAt == row.DueAt))
                .Select(row => row.JobId),
            cancellationToken);
        await AddAsync(
            differences,
            "is leased, but its row says otherwise",
            db.Leases.Where(row => !pending.Any(job => job.Id == row.JobId && job.LaneId == row.LaneId && job.TenantId == row.TenantId))
                .Select(row => row.JobId),
            cancellationToken);
        await AddAsync(
            differences,
            "stands in the dead letter queue, but has not failed",
            db.DeadLetters.Where(row => !db.Jobs.Any(job => job.Id == row.JobId && job.Status == JobStatus.Failed)).Select(row => row.JobId),
            cancellationToken);
    }

    /// <summary>
    /// What a minute counted cannot be told from rows that are gone, nor to the minute: a commit may end in the next one. But since
    /// the oldest minute that is kept no more jobs can have come than were counted.
    /// </summary>
    private static async Task CheckMinutesAsync(JobQueueDb db, List<string> differences, CancellationToken cancellationToken)
    {
        var lost = await db.Minutes.Where(row => !db.Lanes.Any(lane => lane.Id == row.LaneId)).Select(row => row.LaneId).Distinct().ToListAsync(cancellationToken);
        differences.AddRange(lost.Select(id => $"Minutes are kept of lane {id}, which is missing."));
        var minutes = await db.Minutes.GroupBy(row => row.LaneId)
            .Select(group => new { group.Key, Oldest = group.Min(row => row.Minute), Submitted = group.Sum(row => row.Submitted) })
            .ToDictionaryAsync(group => group.Key, cancellationToken);
        var found = new List<string>();
        // Jobs that crash move to another lane of the same queue and type.
        foreach (var lanes in (await db.Lanes.ToListAsync(cancellationToken)).GroupBy(lane => (lane.TenantId, lane.Queue, lane.Type)))
        {
            var counted = lanes.Sum(lane => lane.MinuteSubmitted + (minutes.GetValueOrDefault(lane.Id)?.Submitted ?? 0));
            var oldest = lanes.SelectMany(lane => new[] { lane.Minute, minutes.GetValueOrDefault(lane.Id)?.Oldest ?? 0 }).Where(minute => minute > 0);
            if (!oldest.Any())
                continue;
            var (ids, since) = (lanes.Select(lane => lane.Id).ToList(), DateTimeOffset.FromUnixTimeSeconds((oldest.Min() + 1) * 60L));
            var rows = await db.Jobs.CountAsync(job => ids.Contains(job.LaneId) && job.CreatedAt >= since, cancellationToken);
            if (rows > counted)
                found.Add($"Queue {lanes.Key.Queue}, type {lanes.Key.Type} of tenant {lanes.Key.TenantId}: its minutes counted {counted} new jobs, there are {rows}.");
        }

        Add(differences, found, found.Count);
    }

    private static Task<Dictionary<int, int>> CountAsync(IQueryable<int> lanes, CancellationToken cancellationToken) =>
        lanes.GroupBy(lane => lane).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);

    private static int Of(Dictionary<int, int> counts, int lane) => counts.GetValueOrDefault(lane);

    private static async Task AddAsync(List<string> differences, string what, IQueryable<JobId> jobs, CancellationToken cancellationToken)
    {
        var first = await jobs.Take(NamedOfAKind + 1).ToListAsync(cancellationToken);
        if (first.Count > 0)
            Add(differences, first.ConvertAll(id => $"Job {id} {what}."), first.Count <= NamedOfAKind ? first.Count : await jobs.CountAsync(cancellationToken));
    }

    private static void Add(List<string> differences, List<string> found, int count)
    {
        differences.AddRange(found.Take(NamedOfAKind));
        if (count > NamedOfAKind)
            differences.Add($"… and {count - NamedOfAKind} more like that.");
    }
}
