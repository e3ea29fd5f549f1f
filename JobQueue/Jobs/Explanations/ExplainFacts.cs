using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using JobQueue.Queues;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Explanations;

/// <summary>What is known around a job when it is to be explained.</summary>
internal sealed record ExplainFacts
{
    /// <summary>The counting of jobs ahead stops here.</summary>
    public const int MaxAhead = 1000;

    public required Job Job { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required TenantUsage Usage { get; init; }
    public QueuePause? Pause { get; init; }

    /// <summary>Whether a process makes as many calls to the job's target as it may.</summary>
    public bool TargetFull { get; init; }

    /// <summary>The job's target, where it is left alone because it failed.</summary>
    public TargetDown? TargetDown { get; init; }

    /// <summary>Workers present that take jobs of this tenant, queue and type.</summary>
    public required IReadOnlyList<KnownWorker> Workers { get; init; }

    /// <summary>Jobs leased to those workers.</summary>
    public required int Busy { get; init; }

    /// <summary>Whether one of those workers would start a job at this moment.</summary>
    public required bool WorkerIsFree { get; init; }

    /// <summary>For a ready job; counted to <see cref="MaxAhead"/> and one more.</summary>
    public int? Ahead { get; init; }

    /// <summary>Attempts of the tenant's jobs that ended in the last minute.</summary>
    public double EndedPerMinute { get; init; }

    /// <summary>For a suspect: whether each of those workers runs another suspect already.</summary>
    public bool SuspectsEverywhere { get; init; }

    /// <summary>For a running job: the time between heartbeats that the holder promised.</summary>
    public TimeSpan? LeaseDuration { get; init; }

    /// <summary>For a running job: beyond this no heartbeat extends its lease; <see langword="null"/> where the server itself ends it.</summary>
    public DateTimeOffset? TimesOutAt { get; init; }
}
