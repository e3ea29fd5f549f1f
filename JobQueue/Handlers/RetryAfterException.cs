namespace JobQueue.Handlers;

/// <summary>The attempt failed, and the target asked for a pause.</summary>
public sealed class RetryAfterException(string message, TimeSpan retryAfter) : FailedAttemptException(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
