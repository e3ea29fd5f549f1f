using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

internal sealed class JobLogRow
{
    public JobId JobId { get; set; }

    /// <summary>1 for a job's first line.</summary>
    public int Number { get; set; }

    public DateTimeOffset At { get; set; }
    public int Attempt { get; set; }
    public required string Message { get; set; }
}
