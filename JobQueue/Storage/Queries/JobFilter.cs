using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Storage.Queries;

/// <summary>Which jobs a list shows. All conditions must hold.</summary>
public sealed record JobFilter
{
    /// <summary><see langword="null"/> for every tenant.</summary>
    public TenantId? Tenant { get; init; }

    public JobStatus? Status { get; init; }
    public FailReason? Reason { get; init; }
    public string? Queue { get; init; }
    public string? Type { get; init; }
    public string? Tag { get; init; }

    /// <summary>Free text in id, type, error and idempotency key.</summary>
    public string? Text { get; init; }

    public DateTimeOffset? CreatedAfter { get; init; }
    public DateTimeOffset? CreatedBefore { get; init; }
}
