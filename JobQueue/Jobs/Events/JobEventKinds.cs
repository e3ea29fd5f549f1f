namespace JobQueue.Jobs.Events;

public static class JobEventKinds
{
    /// <summary>Whether it happens to a job, and not to a queue or a target.</summary>
    public static bool IsAboutJob(this JobEventKind kind) => kind is not
        (JobEventKind.QueuePaused or JobEventKind.QueueResumed or JobEventKind.TargetDown or JobEventKind.TargetUp);
}
