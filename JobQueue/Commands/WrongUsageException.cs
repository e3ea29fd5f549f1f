namespace JobQueue.Commands;

/// <summary>The command line asks for something that cannot be meant.</summary>
internal sealed class WrongUsageException(string message) : Exception(message);
