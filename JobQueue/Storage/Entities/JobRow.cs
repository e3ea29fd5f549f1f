using JobQueue.Jobs;

namespace JobQueue.Storage.Entities;

/// <summary>
/// A job. Written when it is accepted and when an attempt ends, never when it is leased: whether it runs is the presence of a
/// <see cref="LeaseRow"/>, whether it may run that of a <see cref="ReadyRow"/>. Payloads stand last, so that reading the other
/// columns does not walk through them.
/// </summary>
internal sealed class JobRow
{
    public JobId Id { get; set; }
    public int TenantId { get; set; }
    public int LaneId { get; set; }

    /// <summary><see cref="JobStatus.Pending"/> also while it runs.</summary>
    public JobStatus Status { get; set; }

    public FailReason? Reason { get; set; }
    public int Priority { get; set; }
    public int Retries { get; set; }
    public int MaxRetries { get; set; }
    public int Crashes { get; set; }
    public int Attempts { get; set; }
    public int TimeoutSeconds { get; set; }
    public DateTimeOffset RunAt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public string? Worker { get; set; }
    public string? IdempotencyKey { get; set; }

    /// <summary>A line feed before, between and after the tags, which contain none; <see langword="null"/> without tags.</summary>
    public string? Tags { get; set; }

    public required byte[] TraceId { get; set; }
    public byte[]? SpanId { get; set; }
    public required string SubmittedBy { get; set; }
    public string? ErrorMessage { get; set; }
    public string? ErrorType { get; set; }
    public byte[]? Result { get; set; }
    public byte[]? OriginalPayload { get; set; }
    public required byte[] Payload { get; set; }
}

/// <summary>A job that may run now. The key is the order inside its lane.</summary>
internal sealed class ReadyRow
{
    public int LaneId { get; set; }

    /// <summary>The negated priority, so that the best comes first.</summary>
    public int Rank { get; set; }

    public DateTimeOffset DueAt { get; set; }
    public JobId JobId { get; set; }
}

/// <summary>A job that may run later: kept apart, so that leasing never walks over it.</summary>
internal sealed class ScheduledRow
{
    public DateTimeOffset DueAt { get; set; }
    public JobId JobId { get; set; }
    public int LaneId { get; set; }
    public int Rank { get; set; }
}

/// <summary>A running job. The limits on concurrency count these rows.</summary>
internal sealed class LeaseRow
{
    public JobId JobId { get; set; }
    public int TenantId { get; set; }
    public int LaneId { get; set; }
    public long Secret { get; set; }
    public int Attempt { get; set; }
    public required string Worker { get; set; }

    /// <summary>Whether the holder died with the server process that leased it.</summary>
    public bool InProcess { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>For display; the clock that counts is the store's own.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public int DurationMilliseconds { get; set; }
    public DateTimeOffset? CancelRequestedAt { get; set; }
    public double? ProgressPercent { get; set; }
    public string? ProgressMessage { get; set; }
}

/// <summary>An attempt that ended without success. The one that runs or succeeded is in the job's own row.</summary>
internal sealed class AttemptRow
{
    public JobId JobId { get; set; }
    public int Number { get; set; }
    public string? Worker { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset FinishedAt { get; set; }
    public AttemptOutcome Outcome { get; set; }
    public string? ErrorMessage { get; set; }
    public string? ErrorType { get; set; }
}

internal sealed class JobLogRow
{
    public JobId JobId { get; set; }

    /// <summary>1 for a job's first line.</summary>
    public int Number { get; set; }

    public DateTimeOffset At { get; set; }
    public int Attempt { get; set; }
    public required string Message { get; set; }
}

/// <summary>A job that needs a person.</summary>
internal sealed class DeadLetterRow
{
    public JobId JobId { get; set; }
    public int TenantId { get; set; }
    public int LaneId { get; set; }
    public FailReason Reason { get; set; }
    public required string ErrorMessage { get; set; }
    public string? ErrorType { get; set; }

    /// <summary>Equal for failures of the same kind: 16 hexadecimal digits.</summary>
    public required string Fingerprint { get; set; }

    public int Attempts { get; set; }
    public DateTimeOffset DeadAt { get; set; }

    public JobRow? Job { get; set; }
}

/// <summary>A key that was used: a table of its own, so that a job may be found by it without an index on jobs.</summary>
internal sealed class IdempotencyKeyRow
{
    public int TenantId { get; set; }

    /// <summary>The first 16 bytes of the key's SHA-256.</summary>
    public required byte[] KeyHash { get; set; }

    public required byte[] RequestHash { get; set; }
    public JobId JobId { get; set; }
}
