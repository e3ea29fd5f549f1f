namespace JobQueue.Handlers;

/// <summary>The attempt failed in a way that no retry can mend.</summary>
public sealed class PermanentJobException(string message, Exception? cause = null) : FailedAttemptException(message, cause);
