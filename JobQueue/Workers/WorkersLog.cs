using JobQueue.Jobs.Model;
using JobQueue.Workers.Held;

namespace JobQueue.Workers;

/// <summary>What the workers say about themselves; what happens to jobs is logged from the feed. Ids 3000 to 3099.</summary>
internal static partial class WorkersLog
{
    [LoggerMessage(3000, LogLevel.Information, "{Slots} slots run jobs of the types {Types}")]
    public static partial void PoolStarted(ILogger logger, int slots, string types);

    [LoggerMessage(3001, LogLevel.Information, "Stopping: {Running} running jobs have {GraceSeconds} s to end")]
    public static partial void PoolDraining(ILogger logger, int running, double graceSeconds);

    [LoggerMessage(3002, LogLevel.Warning, "{Running} jobs did not end in time and are handed back")]
    public static partial void PoolAborting(ILogger logger, int running);

    [LoggerMessage(3004, LogLevel.Error, "Outcomes were not on disk after {Seconds} s; their jobs run again")]
    public static partial void SettlementsAbandoned(ILogger logger, double seconds);

    [LoggerMessage(3003, LogLevel.Error, "Leasing failed; next try in {PauseSeconds} s")]
    public static partial void LeasingFailed(ILogger logger, Exception exception, double pauseSeconds);

    [LoggerMessage(3010, LogLevel.Warning, "The lease of job {JobId} was lost; the outcome of attempt {Attempt} is dropped")]
    public static partial void LeaseLost(ILogger logger, JobId jobId, int attempt);

    [LoggerMessage(3011, LogLevel.Error, "The outcome of attempt {Attempt} of job {JobId} could not be stored; the job runs again when its lease has run out")]
    public static partial void NotSettled(ILogger logger, Exception exception, JobId jobId, int attempt);

    [LoggerMessage(3012, LogLevel.Warning, "Job {JobId} ignores that it was told to stop ({Reason}); attempt {Attempt} ends without it, its slot stays busy")]
    public static partial void HandlerIgnoresStop(ILogger logger, JobId jobId, int attempt, StopReason reason);

    [LoggerMessage(3013, LogLevel.Warning, "Reports of job {JobId} could not be written yet: {Reason}")]
    public static partial void ReportsNotWritten(ILogger logger, Exception exception, JobId jobId, string reason);

    [LoggerMessage(3014, LogLevel.Error, "A slot failed outside its handler with job {JobId}")]
    public static partial void SlotFailed(ILogger logger, Exception exception, JobId jobId);

    [LoggerMessage(3020, LogLevel.Warning, "Leases could not be extended; next try in {PeriodSeconds} s")]
    public static partial void ExtendFailed(ILogger logger, Exception exception, double periodSeconds);

    [LoggerMessage(3021, LogLevel.Warning, "Leases that ran out could not be taken back; next try in a second")]
    public static partial void ReapFailed(ILogger logger, Exception exception);

    [LoggerMessage(3030, LogLevel.Information, "{Deleted} rows past their retention were deleted")]
    public static partial void Swept(ILogger logger, int deleted);

    [LoggerMessage(3031, LogLevel.Warning, "Sweeping what is past its retention failed; next try in an hour")]
    public static partial void SweepFailed(ILogger logger, Exception exception);
}
