namespace JobQueue.Jobs.Events;

public enum JobEventKind
{
    Submitted,
    Started,
    Progress,
    Done,

    /// <summary>An attempt failed; a <see cref="RetryScheduled"/> or <see cref="DeadLettered"/> follows.</summary>
    Failed,
    RetryScheduled,
    DeadLettered,
    Requeued,
    CancelRequested,
    Cancelled,
    LeaseExpired,
    Released,
    Discarded,
    QueuePaused,
    QueueResumed,

    /// <summary>A target failed a tenant so often that it is left alone, or did so again when it was tried.</summary>
    TargetDown,

    /// <summary>It answers again.</summary>
    TargetUp,
}
