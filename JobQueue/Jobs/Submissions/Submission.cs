using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Submissions;

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

    /// <summary>Where <see cref="MaxRetries"/> was left out: the hash as it would be under another default.</summary>
    public Func<int, byte[]>? HashUnderDefault { get; init; }

    public int Priority { get; init; }

    /// <summary>Not before this time; <see langword="null"/> or the past means now.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>Counted from the acceptance; not together with <see cref="RunAt"/>.</summary>
    public TimeSpan? Delay { get; init; }

    public required int MaxRetries { get; init; }
    public int TimeoutSeconds { get; init; } = DefaultTimeoutSeconds;
    public IReadOnlyList<string> Tags { get; init; } = [];
    public Callback? Callback { get; init; }
    public required string SubmittedBy { get; init; }
    public required TraceParent Trace { get; init; }

    /// <summary>
    /// Whom the job will call; null for a type that calls nobody. Asked for the first time it reads the payload: on the thread that
    /// submits, not on the store's.
    /// </summary>
    internal string? Target => (field ??= JobTarget.Of(Type, Payload.Span) ?? "") is { Length: > 0 } target ? target : null;
}
