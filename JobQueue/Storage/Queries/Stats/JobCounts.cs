namespace JobQueue.Storage.Queries.Stats;

/// <summary>Counts at one moment. Rates are of the last 60 seconds.</summary>
public sealed record JobCounts
{
    public int Pending { get; init; }
    public int Running { get; init; }
    public int Done { get; init; }
    public int Failed { get; init; }
    public int DeadLettered { get; init; }

    /// <summary>How long the longest waiting job that may run has waited.</summary>
    public TimeSpan? OldestReady { get; init; }

    public double DonePerMinute { get; init; }
    public double FailedPerMinute { get; init; }
}
