using JobQueue.Jobs.Leases;

namespace JobQueue.Jobs.Attempts;

/// <summary>The end of one of many attempts.</summary>
/// <param name="Outcome"><see langword="null"/> to be told only whether the lease lives: it goes on.</param>
public sealed record AttemptEnd(LeaseToken Lease, JobOutcome? Outcome);
