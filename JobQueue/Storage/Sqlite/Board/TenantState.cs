using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>A tenant seen from the scheduler. Written by the store's thread alone; other threads may read.</summary>
internal sealed class TenantState(TenantId id, string name, AcceptanceWindow window)
{
    public TenantId Id { get; } = id;
    public string Name { get; } = name;
    public TenantLimits Limits { get; set; } = TenantLimits.None;
    public AcceptanceWindow Window { get; } = window;

    /// <summary>Its live leases.</summary>
    public int Running { get; set; }

    public int Pending { get; set; }

    /// <summary>Rises with every lease given out: among equals the tenant served longest ago comes first.</summary>
    public long LastServed { get; set; }

    /// <summary>Its lanes in which a job waits or runs.</summary>
    public int LiveLanes { get; set; }

    /// <summary>Lines in which a job is ready and that nothing holds up, in no order.</summary>
    public List<ReadyLine> OpenLines { get; } = [];

    /// <summary>Its place in the order of service, or null while it has nothing that may run.</summary>
    public ServiceOrder? Place { get; set; }

    public TenantUsage Usage(long timestamp)
    {
        var (accepted, next) = Window.At(timestamp, Limits.MaxNewPerMinute);
        return new TenantUsage(Limits, Running, accepted, Pending, next);
    }
}
