using JobQueue.Tenants;

namespace JobQueue.Jobs.Leases;

/// <summary>A wish for jobs to work on, open until it gets some or its caller gives up.</summary>
public sealed record LeaseRequest
{
    public required WorkerIdentity Worker { get; init; }

    /// <summary>Jobs of this tenant only; <see langword="null"/> for every tenant.</summary>
    public TenantId? Tenant { get; init; }

    /// <summary><see langword="null"/> for every queue.</summary>
    public IReadOnlySet<string>? Queues { get; init; }

    /// <summary><see langword="null"/> for every type.</summary>
    public IReadOnlySet<string>? Types { get; init; }

    /// <summary>Jobs that would start at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Further jobs that may be taken ahead of a free slot, of the types in <see cref="AheadTypes"/>.</summary>
    public int Ahead { get; init; }

    /// <summary><see langword="null"/> for none. It must not change while the wish is open.</summary>
    public IReadOnlySet<string>? AheadTypes { get; init; }

    /// <summary>No further job is taken once the payloads have so many bytes together.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    public required TimeSpan Duration { get; init; }

    /// <summary>How long to wait for a first job; <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.</summary>
    public TimeSpan Wait { get; init; }
}
