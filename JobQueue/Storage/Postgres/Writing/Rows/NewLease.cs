using JobQueue.Jobs.Leases;

namespace JobQueue.Storage.Postgres.Writing.Rows;

/// <summary>A lease that this transaction gives out.</summary>
internal sealed record NewLease(
    LeaseToken Token, int Tenant, int Lane, int Attempt, string Worker, string? Process, long StartedAt, long ExpiresAt, long TimeoutAt, int Duration);
