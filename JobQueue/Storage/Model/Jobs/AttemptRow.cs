using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

/// <summary>An attempt that ended without success. The one that runs or succeeded is in the job's own row.</summary>
internal sealed class AttemptRow
{
    public JobId JobId { get; set; }
    public int Number { get; set; }
    public string? Worker { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset FinishedAt { get; set; }
    public AttemptOutcome Outcome { get; set; }
    public string? ErrorMessage { get; set; }
    public string? ErrorType { get; set; }
}
