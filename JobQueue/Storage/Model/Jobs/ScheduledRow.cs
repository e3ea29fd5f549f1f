using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

/// <summary>A job that may run later: kept apart, so that leasing never walks over it.</summary>
internal sealed class ScheduledRow
{
    public DateTimeOffset DueAt { get; set; }
    public JobId JobId { get; set; }
    public int LaneId { get; set; }
    public int Rank { get; set; }

    /// <summary>
    /// The wait that was asked for in seconds: it lasts that long whatever is done to the clock. <see langword="null"/> where a
    /// moment was asked for.
    /// </summary>
    public long? WaitMilliseconds { get; set; }
}
