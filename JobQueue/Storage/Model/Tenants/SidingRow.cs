namespace JobQueue.Storage.Model.Tenants;

/// <summary>
/// A place for the ready jobs of a lane whose target takes no call now. They stand in <see cref="Jobs.ReadyRow"/> under this id.
/// </summary>
internal sealed class SidingRow
{
    /// <summary>Below zero, where no lane's is.</summary>
    public int Id { get; set; }

    public int LaneId { get; set; }
    public required string Target { get; set; }
}
