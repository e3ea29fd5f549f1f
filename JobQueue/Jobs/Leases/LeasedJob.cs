using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Leases;

/// <summary>A job that was leased, with what its worker needs.</summary>
public sealed record LeasedJob(LeaseToken Token, DateTimeOffset ExpiresAt, Job Job);
