namespace JobQueue.Storage.Model.Jobs;

/// <summary>
/// Dead letters of one kind, counted: kept by the database itself with every row that comes to the dead letters or goes from
/// them, whatever takes it there. It exists while there is one.
/// </summary>
internal sealed class DeadLetterKindRow
{
    public int TenantId { get; set; }
    public required string Fingerprint { get; set; }
    public int Count { get; set; }
    public DateTimeOffset FirstDeadAt { get; set; }
    public DateTimeOffset LastDeadAt { get; set; }
}
