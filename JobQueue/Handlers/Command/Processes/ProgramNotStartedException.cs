namespace JobQueue.Handlers.Command.Processes;

/// <summary>A program could not be started.</summary>
/// <param name="path">The program's file.</param>
/// <param name="reason">In the system's words.</param>
internal sealed class ProgramNotStartedException(string path, string reason, Exception? cause = null)
    : Exception($"{path} cannot be started: {reason}.", cause);
