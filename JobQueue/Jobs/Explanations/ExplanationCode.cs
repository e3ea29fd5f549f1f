namespace JobQueue.Jobs.Explanations;

public enum ExplanationCode
{
    ScheduledForLater,
    WaitingForRetry,
    QueuePaused,
    TenantConcurrencyReached,
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
