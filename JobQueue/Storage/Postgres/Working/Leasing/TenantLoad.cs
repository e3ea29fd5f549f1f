using JobQueue.Storage.Postgres.Directories;

namespace JobQueue.Storage.Postgres.Working.Leasing;

/// <summary>A tenant seen from this process's leasing.</summary>
internal sealed class TenantLoad(int id, TenantDirectory tenants)
{
    public int Id => id;

    public TenantInfo Info => tenants[id];

    /// <summary>Its leases of all processes, as last counted.</summary>
    public int Running { get; set; }

    /// <summary>Rises with every lease given out here: among equals the tenant served longest ago comes first.</summary>
    public long LastServed { get; set; }

    public List<Line> OpenLines { get; } = [];

    public bool AtLimit => Info.Limits.ConcurrencyIsReachedBy(Running);
}
