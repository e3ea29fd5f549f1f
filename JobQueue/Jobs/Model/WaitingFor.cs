namespace JobQueue.Jobs.Model;

/// <summary>What a pending job waits for: the first that holds, in this order.</summary>
public enum WaitingFor
{
    Schedule,
    Retry,
    QueuePaused,
    TenantLimit,

    /// <summary>A limit of the queue, or as many calls to the job's target as one process may make at once.</summary>
    QueueLimit,

    /// <summary>The job's target failed and is left alone for a while.</summary>
    TargetDown,
    Worker,
}
