namespace JobQueue.Handlers;

/// <summary>The attempt failed in a way that no retry can mend.</summary>
public sealed class PermanentJobException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The job's <c>error.type</c>, a word for programs such as <c>no_such_customer</c>; the exception's own name when absent.</summary>
    public string? ErrorType { get; init; }
}
