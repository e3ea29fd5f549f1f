namespace JobQueue.Storage.Model.Tenants;

/// <summary>A queue that an operator paused. Other queues need no row.</summary>
internal sealed class PausedQueueRow
{
    public int TenantId { get; set; }
    public required string Name { get; set; }
    public DateTimeOffset PausedAt { get; set; }
    public required string PausedBy { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset? Until { get; set; }
}
