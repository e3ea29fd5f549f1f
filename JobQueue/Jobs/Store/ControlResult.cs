namespace JobQueue.Jobs.Store;

/// <summary>What became of a command about one job.</summary>
public enum ControlResult
{
    Changed,

    /// <summary>The handler was told to stop; the job ends when it does.</summary>
    CancelRequested,

    /// <summary>No such job, or not in the actor's sight.</summary>
    NotFound,

    /// <summary>The job is not in a status that allows the command: nothing was changed.</summary>
    WrongState,
}
