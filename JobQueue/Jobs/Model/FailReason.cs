namespace JobQueue.Jobs.Model;

/// <summary>Why a job failed. The first three stand in the dead letter queue.</summary>
public enum FailReason
{
    RetriesExhausted = 1,
    PermanentError = 2,
    Poison = 3,
    Cancelled = 4,
    Discarded = 5,
}
