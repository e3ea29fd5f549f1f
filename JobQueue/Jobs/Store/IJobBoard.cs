using JobQueue.Queues;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Store;

/// <summary>
/// What scheduling knows at this moment, for answers that must not cost a query: a snapshot that may be a commit old.
/// Thread-safe.
/// </summary>
public interface IJobBoard
{
    TenantUsage UsageOf(TenantId tenant);

    bool IsPaused(TenantId tenant, string queue);

    /// <summary>Who paused the queue and why; <see langword="null"/> when it is not paused.</summary>
    QueuePause? PauseOf(TenantId tenant, string queue);
}
