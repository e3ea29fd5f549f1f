namespace JobQueue.Storage.Postgres.Submitting;

/// <summary>What a tenant uses of its limits, this transaction's own acceptances included.</summary>
internal sealed class TenantUse
{
    public int Accepted { get; set; }
    public int Pending { get; set; }
    public int Running { get; set; }
}
