namespace JobQueue.Jobs.Attempts;

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    Done = 1,
    Failed = 2,
    Crashed = 3,
    Released = 4,
    Cancelled = 5,
}
