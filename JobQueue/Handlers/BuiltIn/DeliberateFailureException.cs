namespace JobQueue.Handlers.BuiltIn;

/// <summary>The failure that the job type <c>fail</c> was asked for.</summary>
internal sealed class DeliberateFailureException(string message) : Exception(message);
