using JobQueue.Tenants;

namespace JobQueue.Jobs.Leases;

/// <summary>A worker that was heard of, as it is at one moment.</summary>
/// <param name="Tenant">Whose jobs it takes; <see langword="null"/> for every tenant's.</param>
/// <param name="Process">The server process whose pool it is; <see langword="null"/> for a remote worker.</param>
/// <param name="Queues"><see langword="null"/> for all.</param>
/// <param name="Types"><see langword="null"/> for all.</param>
/// <param name="Slots">Jobs it takes at once, as far as it said.</param>
/// <param name="LastHeard">Its last call; of a process, its last beat.</param>
/// <param name="Waiting">Whether it is waiting for a job at this moment.</param>
public sealed record KnownWorker(
    TenantId? Tenant,
    string Name,
    string? Process,
    IReadOnlySet<string>? Queues,
    IReadOnlySet<string>? Types,
    int Slots,
    DateTimeOffset LastHeard,
    bool Waiting)
{
    public bool InProcess => Process is not null;

    /// <summary>Whether its process is not heard of: it died, or is cut off from the database.</summary>
    public bool Silent { get; init; }

    /// <summary>When the last of its jobs is taken back, should it stay silent; <see langword="null"/> while it is not, or holds none.</summary>
    public DateTimeOffset? JobsBackAt { get; init; }

    /// <summary>Whether it would take a job now, as far as can be told.</summary>
    /// <param name="since">A remote worker that was heard of since then is still there.</param>
    public bool IsPresentSince(DateTimeOffset since) => InProcess ? !Silent : Waiting || LastHeard >= since;

    /// <summary>Whether the two ask for jobs of the same queues and types.</summary>
    public bool AsksAs(KnownWorker other) => SameNames(Queues, other.Queues) && SameNames(Types, other.Types);

    public bool Takes(TenantId tenant, string queue, string type) =>
        (Tenant is not { } own || own == tenant) && (Queues?.Contains(queue) ?? true) && (Types?.Contains(type) ?? true);

    private static bool SameNames(IReadOnlySet<string>? one, IReadOnlySet<string>? other) =>
        one is null || other is null ? one is null && other is null : one.SetEquals(other);
}
