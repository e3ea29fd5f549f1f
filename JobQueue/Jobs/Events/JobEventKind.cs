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
}
