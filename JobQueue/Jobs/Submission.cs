using JobQueue.Tenants;

namespace JobQueue.Jobs;

/// <summary>A checked request for a new job: every field is in its range, every default is filled in.</summary>
public sealed record Submission
{
    public const string DefaultType = "echo";
    public const string DefaultQueue = "default";
    public const int DefaultTimeoutSeconds = 300;

    public required TenantId Tenant { get; init; }
    public string Type { get; init; } = DefaultType;
    public string Queue { get; init; } = DefaultQueue;

    /// <summary>UTF-8 JSON, as sent.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>With <see cref="RequestHash"/>, or both absent.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>16 bytes that are equal for equal requests (contract, Idempotency); present exactly when a key is.</summary>
    public byte[]? RequestHash { get; init; }

    public int Priority { get; init; }

    /// <summary>Not before this time; <see langword="null"/> or the past means now.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Counted from the acceptance; not together with <see cref="RunAt"/>.</summary>
    public TimeSpan? Delay { get; init; }

    public required int MaxRetries { get; init; }
    public int TimeoutSeconds { get; init; } = DefaultTimeoutSeconds;
    public IReadOnlyList<string> Tags { get; init; } = [];
    public required string SubmittedBy { get; init; }
    public required TraceParent Trace { get; init; }
}

/// <summary>What became of a submission. A closed set.</summary>
public abstract record SubmitResult
{
    private SubmitResult() { }

    /// <summary>The job is on disk.</summary>
    public sealed record Accepted(Job Job, TenantUsage Usage) : SubmitResult;

    /// <summary>The key was used before for an equal request: that job, as it is now, is the answer.</summary>
    public sealed record Replayed(JobId Id) : SubmitResult;

    /// <summary>The key was used before for another request.</summary>
    public sealed record KeyReused(JobId Id) : SubmitResult;

    /// <summary>Refused for now; nothing was stored and the key is free.</summary>
    public sealed record OverLimit(RefusalReason Reason, TenantUsage Usage) : SubmitResult;
}

/// <summary>What became of a batch, which is accepted or refused whole. A closed set.</summary>
public abstract record BatchSubmitResult
{
    private BatchSubmitResult() { }

    /// <summary>One member per submission, in its order: <see cref="SubmitResult.Accepted"/> or <see cref="SubmitResult.Replayed"/>.</summary>
    public sealed record Accepted(IReadOnlyList<SubmitResult> Items, TenantUsage Usage) : BatchSubmitResult;

    /// <summary>The member at <paramref name="Index"/> brings a key that was used before for another request.</summary>
    public sealed record KeyReused(int Index, JobId Id) : BatchSubmitResult;

    public sealed record OverLimit(RefusalReason Reason, TenantUsage Usage) : BatchSubmitResult;
}

/// <summary>Why a submission was refused.</summary>
public enum RefusalReason
{
    /// <summary>More than <c>max_new_per_minute</c>; waiting helps.</summary>
    Rate,

    /// <summary>The batch alone is larger than <c>max_new_per_minute</c>; waiting does not help.</summary>
    BatchLargerThanRate,

    /// <summary>More than <c>max_pending</c> jobs would wait.</summary>
    Backlog,

    /// <summary>The jobs kept for the tenant have too many different combinations of queue and type.</summary>
    Lanes,
}
