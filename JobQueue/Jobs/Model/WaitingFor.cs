namespace JobQueue.Jobs.Model;

/// <summary>What a pending job waits for: the first that holds, in this order.</summary>
public enum WaitingFor
{
    Schedule,
    Retry,
    QueuePaused,
    TenantLimit,
    Worker,
}
