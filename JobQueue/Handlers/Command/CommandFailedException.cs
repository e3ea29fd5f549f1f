using System.Globalization;

namespace JobQueue.Handlers.Command;

/// <summary>A command ended with an exit code other than 0; <c>error.type</c> is <c>exit_</c> and the code.</summary>
internal sealed class CommandFailedException : FailedAttemptException
{
    /// <param name="lastLine">The last that it wrote, which says why as a rule.</param>
    public CommandFailedException(string name, int exitCode, string? lastLine)
        : base($"The command {name} ended with exit code {exitCode}{(lastLine is null ? "." : $": {lastLine}")}") =>
        ErrorType = string.Create(CultureInfo.InvariantCulture, $"exit_{exitCode}");
}
