namespace JobQueue.Commands;

/// <summary>The command was understood and could not be done.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
