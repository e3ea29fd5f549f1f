namespace JobQueue.Storage.Postgres.Directories;

/// <summary>A lane's name: the jobs of one tenant, queue and type, suspects apart.</summary>
internal sealed record LaneInfo(int Id, int TenantId, string Queue, string Type, bool Suspect)
{
    public LaneName Name => new(TenantId, Queue, Type, Suspect);
}
