using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Store;

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
