namespace JobQueue.Handlers;

/// <summary>The attempt failed, and the target asked for a pause.</summary>
public sealed class RetryAfterException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;

    /// <summary>The job's <c>error.type</c>, a word for programs such as <c>busy</c>; the exception's own name when absent.</summary>
    public string? ErrorType { get; init; }
}
