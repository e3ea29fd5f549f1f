using JobQueue.Jobs.Callbacks;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Model;

/// <summary>A job as it is at one moment: what the API answers and the pages show. Immutable.</summary>
public sealed record Job
{
    public required JobId Id { get; init; }
    public required TenantId TenantId { get; init; }
    public required string Tenant { get; init; }
    public required string Queue { get; init; }
    public required string Type { get; init; }
    public required JobStatus Status { get; init; }
    public FailReason? Reason { get; init; }
    public WaitingFor? WaitingFor { get; init; }
    public int Priority { get; init; }

    /// <summary>UTF-8 JSON as it was sent.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload first submitted, when an operator has edited it since.</summary>
    public ReadOnlyMemory<byte>? OriginalPayload { get; init; }

    /// <summary>UTF-8 JSON as the handler gave it.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>The last failed attempt's, while the job waits for a retry or is failed.</summary>
    public JobError? Error { get; init; }

    public string? IdempotencyKey { get; init; }
    public int Retries { get; init; }
    public int MaxRetries { get; init; }
    public int Crashes { get; init; }

    /// <summary>Attempts begun so far, whatever became of them.</summary>
    public int Attempts { get; init; }

    public int TimeoutSeconds { get; init; }
    public DateTimeOffset RunAt { get; init; }

    /// <summary>The moment of acceptance.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the handler of the latest attempt began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
    public string? Worker { get; init; }
    public DateTimeOffset? LeaseExpiresAt { get; init; }
    public bool CancelRequested { get; init; }
    public JobProgress? Progress { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The trace the submission belongs to (W3C Trace Context), 32 hexadecimal digits.</summary>
    public required TraceParent Trace { get; init; }

    /// <summary><c>user:…</c>, <c>token:…</c>, <c>schedule:…</c> or <c>callback:…</c>.</summary>
    public required string SubmittedBy { get; init; }

    /// <summary>Whom it calls (scheme, host, port); null for a type that calls nobody.</summary>
    public string? Target { get; init; }

    /// <summary>Whom its end is told, if anybody.</summary>
    public Callback? Callback { get; init; }

    /// <summary>What it holds in memory but for a few hundred bytes.</summary>
    public long Bytes => Payload.Length + (OriginalPayload?.Length ?? 0) + (Result?.Length ?? 0);

    public bool DeadLettered => Reason?.IsDeadLetter() ?? false;
}
