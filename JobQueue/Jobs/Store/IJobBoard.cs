using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
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

    /// <summary>What holds up a job that is due.</summary>
    /// <param name="target">Whom the job calls, if anybody.</param>
    Holdups HoldupsOf(TenantId tenant, string queue, string? target);

    /// <summary>Whether a job that was leased a moment ago may still begin: its queue is not paused, nor its target left alone.</summary>
    bool MayBegin(Job job);

    /// <summary>Targets that are left alone because they failed a tenant.</summary>
    /// <param name="tenant">Null for every tenant's.</param>
    IReadOnlyList<TargetDown> TargetsDown(TenantId? tenant);

    /// <summary>Null when the target answers.</summary>
    TargetDown? DownOf(TenantId tenant, string target);

    /// <summary>Who paused the queue and why; <see langword="null"/> when it is not paused.</summary>
    QueuePause? PauseOf(TenantId tenant, string queue);
}
