namespace JobQueue.Jobs.Model;

public static class FailReasons
{
    /// <summary>Whether a job that failed for this reason stands in the dead letter queue.</summary>
    public static bool IsDeadLetter(this FailReason reason) =>
        reason is FailReason.RetriesExhausted or FailReason.PermanentError or FailReason.Poison;
}
