using System.Text.Json;
using JobQueue.Jobs.Events;

namespace JobQueue.Telemetry;

/// <summary>What the log says about one kind of job event. Ids 1000 to 1099.</summary>
internal sealed class JobEventLine
{
    private static readonly JobEventLine[] Lines = Enum.GetValues<JobEventKind>().Select(Create).ToArray();

    private JobEventLine(int id, string name, LogLevel level, string template)
    {
        (Id, Level) = (id, level);
        (Name, LevelName, Template) = (JsonEncodedText.Encode(name), JsonEncodedText.Encode(level.ToString()), JsonEncodedText.Encode(template));
        IsAboutJob = template.Contains("{JobId}", StringComparison.Ordinal);
    }

    public int Id { get; }

    public LogLevel Level { get; }

    public bool IsAboutJob { get; }

    public JsonEncodedText Name { get; }

    public JsonEncodedText LevelName { get; }

    public JsonEncodedText Template { get; }

    public static JobEventLine Of(JobEventKind kind) => Lines[(int)kind];

    private static JobEventLine Create(JobEventKind kind) => kind switch
    {
        JobEventKind.Submitted => new(1000, "JobSubmitted", LogLevel.Information, "Job {JobId} submitted: {Type} in {Queue} of {Tenant}"),
        JobEventKind.Started => new(1001, "JobStarted", LogLevel.Information, "Job {JobId} started: attempt {Attempt} on {Worker}"),
        JobEventKind.Progress => new(1002, "JobProgress", LogLevel.Debug, "Job {JobId} made progress"),
        JobEventKind.Done => new(1003, "JobFinished", LogLevel.Information, "Job {JobId} finished after {DurationSeconds} s"),
        JobEventKind.Failed => new(1004, "JobFailed", LogLevel.Warning, "Job {JobId} failed in attempt {Attempt}: {ErrorMessage}"),
        JobEventKind.RetryScheduled => new(1005, "JobRetryScheduled", LogLevel.Information, "Job {JobId} will be retried at {RunAt}"),
        JobEventKind.DeadLettered => new(1006, "JobDeadLettered", LogLevel.Warning, "Job {JobId} went to the dead letter queue: {Reason}"),
        JobEventKind.Requeued => new(1007, "JobRequeued", LogLevel.Information, "Job {JobId} requeued by {Actor}"),
        JobEventKind.CancelRequested => new(1008, "JobCancelRequested", LogLevel.Information, "Job {JobId} is to be cancelled, asked by {Actor}"),
        JobEventKind.Cancelled => new(1009, "JobCancelled", LogLevel.Information, "Job {JobId} cancelled"),
        JobEventKind.LeaseExpired => new(1010, "JobLeaseExpired", LogLevel.Warning, "Job {JobId} lost its worker {Worker} in attempt {Attempt}"),
        JobEventKind.Released => new(1011, "JobReleased", LogLevel.Information, "Job {JobId} handed back by {Worker}"),
        JobEventKind.Discarded => new(1012, "JobDiscarded", LogLevel.Information, "Job {JobId} discarded by {Actor}"),
        JobEventKind.QueuePaused => new(1013, "QueuePaused", LogLevel.Information, "Queue {Queue} of {Tenant} paused by {Actor}"),
        JobEventKind.QueueResumed => new(1014, "QueueResumed", LogLevel.Information, "Queue {Queue} of {Tenant} resumed by {Actor}"),
        JobEventKind.TargetDown => new(
            1015, "TargetDown", LogLevel.Warning, "Target {Target} fails {Tenant} ({ErrorType}) and is left alone until {RunAt}"),
        JobEventKind.TargetUp => new(1016, "TargetUp", LogLevel.Information, "Target {Target} answers {Tenant} again"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No line is written for this kind of event."),
    };
}
