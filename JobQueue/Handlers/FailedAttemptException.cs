namespace JobQueue.Handlers;

/// <summary>The attempt failed, and another may not: it is retried while retries are left, as after any exception.</summary>
public class FailedAttemptException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The job's <c>error.type</c>, a word for programs such as <c>busy</c>; the exception's own name when absent.</summary>
    public string? ErrorType { get; init; }
}
