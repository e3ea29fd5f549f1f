namespace JobQueue.Commands.Control;

/// <summary>The server's answer, one line of JSON: what goes to standard output, or what went wrong.</summary>
internal sealed record ControlAnswer(string? Output, string? Error = null, bool WrongUsage = false);
