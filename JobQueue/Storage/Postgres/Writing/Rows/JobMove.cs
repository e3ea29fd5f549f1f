using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing.Rows;

/// <summary>What becomes of a job's row.</summary>
/// <param name="Was">Where it must still stand.</param>
internal sealed record JobMove(JobId Id, JobStatus Was, JobStatus Status)
{
    public required int Lane { get; init; }
    public FailReason? Reason { get; init; }
    public required int Retries { get; init; }
    public required int Crashes { get; init; }
    public required long RunAt { get; init; }
    public required int Attempts { get; init; }
    public long? StartedAt { get; init; }
    public long? FinishedAt { get; init; }
    public string? Worker { get; init; }
    public JobError? Error { get; init; }
}
