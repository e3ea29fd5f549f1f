namespace JobQueue.Storage.Queries.Stats;

/// <summary>What happened in one lane in one minute.</summary>
internal sealed record LaneMinute
{
    public int LaneId { get; init; }
    public int Minute { get; init; }
    public int Submitted { get; init; }
    public int Done { get; init; }
    public int Failed { get; init; }
    public int Retried { get; init; }
    public int Started { get; init; }
    public long WaitMilliseconds { get; init; }
    public long RunMilliseconds { get; init; }
}
