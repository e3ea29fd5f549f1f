using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

/// <summary>A job that may run later: kept apart, so that leasing never walks over it.</summary>
internal sealed class ScheduledRow
{
    public DateTimeOffset DueAt { get; set; }
    public JobId JobId { get; set; }
    public int LaneId { get; set; }
    public int Rank { get; set; }
}
