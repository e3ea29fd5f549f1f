using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;

namespace JobQueue.Dashboard.Pages.Overview;

/// <summary>What is known when it is decided what needs attention.</summary>
internal sealed record AttentionFacts
{
    /// <summary>Paused queues worth naming: who paused more knows.</summary>
    public const int MaxPaused = 20;

    /// <summary>Kinds of failure among which the largest are named.</summary>
    public const int MaxGroups = 200;

    public required IReadOnlyList<QueueState> Paused { get; init; }
    public required IReadOnlyList<WaitingJobs> Waiting { get; init; }
    public required IReadOnlyList<KnownWorker> Workers { get; init; }

    /// <summary>Of processes that are not heard of.</summary>
    public IReadOnlyList<KnownWorker> Silent { get; init; } = [];

    /// <summary>Targets that are left alone because they failed a tenant.</summary>
    public IReadOnlyList<TargetDown> Down { get; init; } = [];

    public required IReadOnlyList<DeadLetterGroup> Groups { get; init; }
    public required IReadOnlyList<MinuteCounts> Hour { get; init; }
    public required Func<WaitingJobs, bool> AtLimit { get; init; }

    /// <summary>Whether names need their tenant beside them.</summary>
    public bool ManyTenants { get; init; }
}
