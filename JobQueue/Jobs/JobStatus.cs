namespace JobQueue.Jobs;

/// <summary>
/// Where a job stands: exactly four words. Why it stands there is data: <see cref="FailReason"/>, <see cref="WaitingFor"/>.
/// <see cref="Running"/> is never stored in the job's row; it means that a lease exists.
/// </summary>
public enum JobStatus
{
    Pending = 0,
    Running = 1,
    Done = 2,
    Failed = 3,
}

/// <summary>Why a job failed. The first three stand in the dead letter queue.</summary>
public enum FailReason
{
    RetriesExhausted = 1,
    PermanentError = 2,
    Poison = 3,
    Cancelled = 4,
    Discarded = 5,
}

/// <summary>What a pending job waits for: the first that holds, in this order.</summary>
public enum WaitingFor
{
    Schedule,
    Retry,
    QueuePaused,
    TenantLimit,
    Worker,
}

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    Done = 1,
    Failed = 2,
    Crashed = 3,
    Released = 4,
    Cancelled = 5,
}

public static class FailReasons
{
    /// <summary>Whether a job that failed for this reason stands in the dead letter queue.</summary>
    public static bool IsDeadLetter(this FailReason reason) =>
        reason is FailReason.RetriesExhausted or FailReason.PermanentError or FailReason.Poison;
}
