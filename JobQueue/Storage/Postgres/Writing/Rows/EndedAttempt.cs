using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing.Rows;

/// <summary>An attempt that ended without success.</summary>
internal sealed record EndedAttempt(JobId JobId, int Number, string Worker, long StartedAt, long FinishedAt, AttemptOutcome Outcome, JobError? Error);
