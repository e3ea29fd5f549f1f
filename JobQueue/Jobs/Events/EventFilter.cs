using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Events;

/// <summary>Which events a follower wants. All conditions must hold.</summary>
/// <param name="Tenant"><see langword="null"/> for every tenant.</param>
internal sealed record EventFilter(TenantId? Tenant, JobId? JobId = null, string? Queue = null)
{
    public bool Matches(JobEvent each) =>
        (Tenant is not { } tenant || each.TenantId == tenant)
        && (JobId is not { } job || each.JobId == job)
        && (Queue is null || each.Queue == Queue);
}
