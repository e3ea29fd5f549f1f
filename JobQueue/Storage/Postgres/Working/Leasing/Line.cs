using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Writing.Rows;

namespace JobQueue.Storage.Postgres.Working.Leasing;

/// <summary>Jobs that are ready in their order: a lane's, or those of a lane that wait for one target (a siding, whose id is below zero).</summary>
internal sealed class Line(int id, LaneInfo lane, TenantLoad tenant, string? target)
{
    public int Id => id;

    public LaneInfo Lane => lane;

    public TenantLoad Tenant => tenant;

    /// <summary>Of a siding.</summary>
    public string? Target => target;

    /// <summary>Whether something may be ready here.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Its first job as last seen; null when that is not known.</summary>
    public ReadyPlace? Head { get; set; }

    /// <summary>Rises whenever something may have become ready here.</summary>
    public int Stirs { get; set; }
}
