using JobQueue.Tenants;

namespace JobQueue.Jobs.Leases;

/// <summary>A worker this server has heard of, as it is at one moment.</summary>
/// <param name="Tenant">Whose jobs it takes; <see langword="null"/> for every tenant's.</param>
/// <param name="Process">The server process whose pool it is; <see langword="null"/> for a remote worker.</param>
/// <param name="Queues"><see langword="null"/> for all.</param>
/// <param name="Types"><see langword="null"/> for all.</param>
/// <param name="Slots">Jobs it takes at once, as far as it said.</param>
/// <param name="LastHeard">Its last call.</param>
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

    public bool Takes(TenantId tenant, string queue, string type) =>
        (Tenant is not { } own || own == tenant) && (Queues?.Contains(queue) ?? true) && (Types?.Contains(type) ?? true);
}
