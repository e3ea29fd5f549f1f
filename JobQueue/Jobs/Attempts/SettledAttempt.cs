using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Attempts;

/// <summary>An attempt whose lease was the caller's.</summary>
/// <param name="Status">The job's now.</param>
public sealed record SettledAttempt(HeldJobInfo Held, JobStatus Status);
