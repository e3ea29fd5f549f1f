namespace JobQueue.Storage.Model.Tenants;

internal sealed class TenantRow
{
    public int Id { get; set; }
    public required string Name { get; set; }
    public int? MaxConcurrent { get; set; }
    public int? MaxNewPerMinute { get; set; }
    public int? MaxPending { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}
