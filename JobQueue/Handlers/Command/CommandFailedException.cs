namespace JobQueue.Handlers.Command;

/// <summary>A command ended with an exit code other than 0.</summary>
/// <param name="lastLine">The last that it wrote, which says why as a rule.</param>
internal sealed class CommandFailedException(string name, int exitCode, string? lastLine)
    : Exception($"The command {name} ended with exit code {exitCode}{(lastLine is null ? "." : $": {lastLine}")}");
