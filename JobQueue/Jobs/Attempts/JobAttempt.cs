using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Attempts;

/// <summary>One attempt at a job.</summary>
/// <param name="Outcome"><see langword="null"/> while it runs.</param>
public sealed record JobAttempt(
    int Number, string? Worker, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, AttemptOutcome? Outcome, JobError? Error);
