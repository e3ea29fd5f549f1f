using JobQueue.Tenants;

namespace JobQueue.Jobs;

/// <summary>
/// What scheduling knows at this moment, for answers that must not cost a query: a snapshot that may be a commit old.
/// Thread-safe.
/// </summary>
public interface IJobBoard
{
    TenantUsage UsageOf(TenantId tenant);

    bool IsPaused(TenantId tenant, string queue);
}
