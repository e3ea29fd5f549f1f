using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

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

    /// <summary>Whom it calls. Added late and therefore last; where it is null, as in most rows, no payload is walked through.</summary>
    public string? Target { get; set; }

    // Added late, as well.
    public string? CallbackUrl { get; set; }
    public CallbackOn? CallbackOn { get; set; }
}
