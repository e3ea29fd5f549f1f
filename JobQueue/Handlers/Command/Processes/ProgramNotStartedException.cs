namespace JobQueue.Handlers.Command.Processes;

/// <summary>A program could not be started; <c>error.type</c> is <c>not_started</c>.</summary>
internal sealed class ProgramNotStartedException : FailedAttemptException
{
    /// <param name="path">The program's file.</param>
    /// <param name="reason">In the system's words.</param>
    public ProgramNotStartedException(string path, string reason, Exception? cause = null)
        : base($"{path} cannot be started: {reason}.", cause) => ErrorType = "not_started";
}
