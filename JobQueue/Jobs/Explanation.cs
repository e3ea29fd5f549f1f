using JobQueue.Tenants;

namespace JobQueue.Jobs;

/// <summary>Why a job is where it is.</summary>
/// <param name="Reasons">Every reason that holds now.</param>
/// <param name="Ahead">Jobs of the same tenant that come first; <see langword="null"/> when that says nothing.</param>
/// <param name="AheadAtLeast">Whether <paramref name="Ahead"/> is where the counting stopped.</param>
/// <param name="EstimatedStartAt">From recent throughput, where there is one.</param>
public sealed record Explanation(
    JobStatus Status, IReadOnlyList<ExplanationReason> Reasons, int? Ahead, bool AheadAtLeast, DateTimeOffset? EstimatedStartAt);

/// <param name="Code">For programs.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ExplanationReason(ExplanationCode Code, string Message);

public enum ExplanationCode
{
    ScheduledForLater,
    WaitingForRetry,
    QueuePaused,
    TenantConcurrencyReached,
    NoWorkerForType,
    NoFreeWorker,
    BehindOtherJobs,
    SuspectRunsAlone,
    Running,
    CancelRequested,
    WorkerSilent,
    DeadLettered,
    Done,
    Cancelled,
    Discarded,
}

/// <summary>What is known around a job when it is to be explained.</summary>
internal sealed record ExplainFacts
{
    /// <summary>The counting of jobs ahead stops here.</summary>
    public const int MaxAhead = 1000;

    public required Job Job { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required TenantUsage Usage { get; init; }
    public QueuePause? Pause { get; init; }

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

/// <summary>An operator's pause of a queue.</summary>
public sealed record QueuePause(DateTimeOffset PausedAt, string PausedBy, string? Reason, DateTimeOffset? Until);
