namespace JobQueue.Storage.Postgres.Working.Ending;

/// <summary>Who holds leases and may hold so many of a kind: the pool of a server process, or a tenant's remote worker.</summary>
internal readonly record struct Holder(int Tenant, string Name)
{
    public static Holder Of(int tenant, string worker, string? process) => process is null ? new Holder(tenant, worker) : new Holder(0, process);
}
