using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Tenants;

namespace JobQueue.Storage.Queries.Stats;

/// <summary>What happened in lanes, minute by minute.</summary>
internal static class LaneMinutes
{
    /// <summary>
    /// The minutes of each lane that are over, and with its counters the latest one. A lane whose latest minute is earlier has
    /// none to offer: however many lie idle, only those are looked up in which something happened.
    /// </summary>
    public static IQueryable<LaneMinute> Since(JobQueueDb db, IQueryable<LaneRow> lanes, int first)
    {
        var moved = lanes.Where(lane => lane.Minute >= first);
        var over = db.Minutes.Where(row => moved.Select(lane => lane.Id).Contains(row.LaneId) && row.Minute >= first)
            .Select(row => new LaneMinute
            {
                LaneId = row.LaneId,
                Minute = row.Minute,
                Submitted = row.Submitted,
                Done = row.Done,
                Failed = row.Failed,
                Retried = row.Retried,
                Started = row.Started,
                WaitMilliseconds = row.WaitMilliseconds,
                RunMilliseconds = row.RunMilliseconds,
            });
        var latest = moved.Select(lane => new LaneMinute
        {
            LaneId = lane.Id,
            Minute = lane.Minute,
            Submitted = lane.MinuteSubmitted,
            Done = lane.MinuteDone,
            Failed = lane.MinuteFailed,
            Retried = lane.MinuteRetried,
            Started = lane.MinuteStarted,
            WaitMilliseconds = lane.MinuteWaitMilliseconds,
            RunMilliseconds = lane.MinuteRunMilliseconds,
        });
        return over.Concat(latest);
    }
}
