namespace JobQueue.Jobs.Model;

/// <summary>
/// Where a job stands: exactly four words. Why it stands there is data: <see cref="FailReason"/>, <see cref="WaitingFor"/>.
/// <see cref="Running"/> is never stored in the job's row; it means that a lease exists.
/// </summary>
public enum JobStatus
{
    Pending = 0,
    Running = 1,
    Done = 2,
    Failed = 3,
}
