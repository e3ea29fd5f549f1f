namespace JobQueue.Jobs.Explanations;

public enum ExplanationCode
{
    ScheduledForLater,
    WaitingForRetry,
    QueuePaused,
    TenantConcurrencyReached,
    QueueConcurrencyReached,
    TargetDown,
    NoWorkerForType,
    NoFreeWorker,
    BehindOtherJobs,
    SuspectRunsAlone,
    Running,
    CancelRequested,
    WorkerSilent,
    DeadLettered,
    Done,
    Cancelled,
    Discarded,
}
