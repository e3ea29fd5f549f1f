using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using JobQueue.Queues;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Store;

/// <summary>What scheduling knows at this moment, whichever process did it; an answer may be a commit old. Thread-safe.</summary>
public interface IJobBoard
{
    ValueTask<TenantUsage> UsageOfAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>What holds up jobs of these tenants: one look for a whole page.</summary>
    ValueTask<IHoldups> HoldupsAsync(IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a job that was leased a moment ago may still begin: its queue is not paused, nor its target left alone. A look at
    /// memory, as every job takes it.
    /// </summary>
    bool MayBegin(Job job);

    /// <summary>Targets that are left alone because they failed a tenant.</summary>
    /// <param name="tenant">Null for every tenant's.</param>
    ValueTask<IReadOnlyList<TargetDown>> TargetsDownAsync(TenantId? tenant, CancellationToken cancellationToken);

    /// <summary>Null when the target answers.</summary>
    ValueTask<TargetDown?> DownOfAsync(TenantId tenant, string target, CancellationToken cancellationToken);

    /// <summary>Who paused the queue and why; <see langword="null"/> when it is not paused.</summary>
    ValueTask<QueuePause?> PauseOfAsync(TenantId tenant, string queue, CancellationToken cancellationToken);
}
