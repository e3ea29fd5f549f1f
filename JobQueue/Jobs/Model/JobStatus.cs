namespace JobQueue.Jobs.Model;

/// <summary>Where a job stands: exactly four words. Why it stands there is data: the reason of a failed one, what a pending one waits for.</summary>
public enum JobStatus
{
    Pending = 0,

    // Never stored in the job's row: it means that a lease exists.
    Running = 1,
    Done = 2,
    Failed = 3,
}
