using JobQueue.Tenants;

namespace JobQueue.Jobs;

/// <summary>Who asks for a change, for the audit log, and how far his sight reaches.</summary>
/// <param name="Name"><c>user:…</c> or <c>token:…</c>.</param>
/// <param name="Scope">The one tenant whose jobs he may touch, or <see langword="null"/> for all.</param>
/// <param name="RemoteAddress">Where the request came from.</param>
public sealed record Actor(string Name, TenantId? Scope, string? RemoteAddress);

/// <summary>What became of a command about one job.</summary>
public enum ControlResult
{
    Changed,

    /// <summary>The handler was told to stop; the job ends when it does.</summary>
    CancelRequested,

    /// <summary>No such job, or not in the actor's sight.</summary>
    NotFound,

    /// <summary>The job is not in a status that allows the command: nothing was changed.</summary>
    WrongState,
}

/// <summary>Which dead letters a bulk command means. All conditions must hold; an empty filter means all.</summary>
public sealed record DeadLetterFilter
{
    public TenantId? Tenant { get; init; }
    public IReadOnlyList<JobId>? JobIds { get; init; }
    public string? Queue { get; init; }
    public string? Type { get; init; }
    public FailReason? Reason { get; init; }

    /// <summary>Text in id, type, error or idempotency key.</summary>
    public string? Text { get; init; }

    public string? Fingerprint { get; init; }
    public DateTimeOffset? DeadAfter { get; init; }
    public DateTimeOffset? DeadBefore { get; init; }
}

/// <param name="Matched">Dead letters that met the filter when the call began.</param>
/// <param name="Changed">How many of them were changed; 0 for a dry run.</param>
public sealed record BulkResult(int Matched, int Changed);
