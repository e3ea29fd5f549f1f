using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Support;

/// <summary>What must hold of the whole store at any moment between two writes.</summary>
internal static class StoreChecks
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Maintained counters, in the tables and in memory, against a count of the rows.</summary>
    public static async Task CountersMatchRowsAsync(TestQueue queue)
    {
        await queue.Storage.CheckAsync(Ct);
        await using var db = await queue.Services.GetRequiredService<IDbContextFactory<JobQueueDb>>().CreateDbContextAsync(Ct);
        var lanes = await db.Lanes.ToListAsync(Ct);
        var jobs = await db.Jobs.Select(job => new { job.Id, job.TenantId, job.LaneId, job.Status, job.Crashes, job.RunAt, job.Priority }).ToListAsync(Ct);
        var ready = await db.Ready.ToListAsync(Ct);
        var homes = await db.Sidings.ToDictionaryAsync(siding => siding.Id, siding => siding.LaneId, Ct);
        var scheduled = await db.Scheduled.ToListAsync(Ct);
        var leases = await db.Leases.ToListAsync(Ct);
        var dead = await db.DeadLetters.ToListAsync(Ct);
        foreach (var lane in lanes)
        {
            var own = jobs.FindAll(job => job.LaneId == lane.Id);
            var readyHere = ready.Count(row => row.LaneId == lane.Id);
            Assert.Equal(
                new LaneRow
                {
                    Id = lane.Id,
                    TenantId = lane.TenantId,
                    Queue = lane.Queue,
                    Type = lane.Type,
                    Suspect = lane.Suspect,
                    Ready = readyHere,
                    Pending = readyHere + ready.Count(row => homes.GetValueOrDefault(row.LaneId) == lane.Id)
                        + scheduled.Count(row => row.LaneId == lane.Id),
                    Done = own.Count(job => job.Status == JobStatus.Done),
                    Failed = own.Count(job => job.Status == JobStatus.Failed),
                    Dead = dead.Count(row => row.LaneId == lane.Id),
                },
                lane,
                (expected, actual) => (expected.Ready, expected.Pending, expected.Done, expected.Failed, expected.Dead)
                    == (actual.Ready, actual.Pending, actual.Done, actual.Failed, actual.Dead));
            Assert.All(own, job => Assert.Equal(lane.Suspect, job.Crashes >= JobTransitions.SuspectCrashes));
        }

        Assert.Equal(
            dead.GroupBy(row => (row.TenantId, row.Fingerprint))
                .Select(kind => (kind.Key.TenantId, kind.Key.Fingerprint, kind.Count(), kind.Min(row => row.DeadAt), kind.Max(row => row.DeadAt))).Order(),
            (await db.DeadLetterKinds.ToListAsync(Ct))
                .Select(kind => (kind.TenantId, kind.Fingerprint, kind.Count, kind.FirstDeadAt, kind.LastDeadAt)).Order());

        // A job that has not ended stands in exactly one place, and that place agrees with its row.
        var places = ready.Select(row => (row.JobId, LaneId: homes.GetValueOrDefault(row.LaneId, row.LaneId), row.Rank, row.DueAt))
            .Concat(scheduled.Select(row => (row.JobId, row.LaneId, row.Rank, row.DueAt)))
            .ToDictionary(place => place.JobId);
        var leased = leases.ToDictionary(lease => lease.JobId);
        Assert.Empty(places.Keys.Intersect(leased.Keys));
        foreach (var job in jobs)
        {
            Assert.Equal(job.Status == JobStatus.Pending, places.ContainsKey(job.Id) || leased.ContainsKey(job.Id));
            if (places.TryGetValue(job.Id, out var place))
                Assert.Equal((job.LaneId, -job.Priority, job.RunAt), (place.LaneId, place.Rank, place.DueAt));
            if (leased.TryGetValue(job.Id, out var lease))
                Assert.Equal((job.LaneId, job.TenantId), (lease.LaneId, lease.TenantId));
        }

        Assert.Equal(jobs.Count(job => job.Status == JobStatus.Pending), places.Count + leased.Count);
        foreach (var tenant in await db.Tenants.ToListAsync(Ct))
        {
            var usage = await queue.UsageAsync(new(tenant.Id));
            Assert.Equal(leases.Count(lease => lease.TenantId == tenant.Id), usage.Running);
            Assert.Equal(lanes.Where(lane => lane.TenantId == tenant.Id).Sum(lane => lane.Pending), usage.Pending);
        }
    }
}
