namespace JobQueue.Handlers.Command;

/// <param name="Output">The beginning of what it wrote.</param>
internal sealed record CommandResult(int ExitCode, string Output);
