namespace JobQueue.Dashboard.Actions;

/// <summary>What became of a command that a person gave.</summary>
internal enum CommandResult
{
    Changed,
    CancelRequested,
    NotFound,
    WrongState,

    /// <summary>The role does not reach so far, or the session ended meanwhile.</summary>
    NotAllowed,
}
