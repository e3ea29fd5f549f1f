namespace JobQueue.Access.Bootstrap;

/// <summary>The server does not start, for a reason that its message tells together with what to do.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
