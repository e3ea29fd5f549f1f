using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Events;

/// <summary>Something that happened and is on disk. Immutable.</summary>
public sealed record JobEvent
{
    public required JobEventKind Kind { get; init; }
    public required JobId JobId { get; init; }
    public required TenantId TenantId { get; init; }
    public required string Tenant { get; init; }
    public required string Queue { get; init; }
    public required string Type { get; init; }

    /// <summary>Whether it happened to a job, and not to a queue or a target.</summary>
    public bool IsAboutJob => Kind.IsAboutJob();

    /// <summary>The job's status after the event.</summary>
    public required JobStatus Status { get; init; }

    public required DateTimeOffset At { get; init; }
    public TraceParent Trace { get; init; }
    public FailReason? Reason { get; init; }
    public int Attempt { get; init; }
    public string? Worker { get; init; }

    /// <summary>Who asked for it, for what a person or a token did.</summary>
    public string? Actor { get; init; }

    public JobError? Error { get; init; }
    public JobProgress? Progress { get; init; }

    /// <summary>For <see cref="JobEventKind.RetryScheduled"/>, and the next probe for <see cref="JobEventKind.TargetDown"/>.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>For <see cref="JobEventKind.TargetDown"/> and <see cref="JobEventKind.TargetUp"/>: scheme, host and port.</summary>
    public string? Target { get; init; }

    /// <summary>From ready to leased, for <see cref="JobEventKind.Started"/>.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Of the attempt, for its end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>About what it takes in memory: buffers of events are bounded by it, since an error may be long.</summary>
    internal int Bytes => 320 + (sizeof(char) * ((Error?.Message.Length ?? 0) + (Progress?.Message?.Length ?? 0)));
}
