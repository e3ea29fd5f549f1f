namespace JobQueue.Storage.Queries.Stats;

/// <summary>What happened in one minute.</summary>
/// <param name="MeanWait">From due to started.</param>
/// <param name="MeanRun">Of the attempts that ended.</param>
public sealed record MinuteCounts(
    DateTimeOffset Minute, int Submitted, int Done, int Failed, int Retried, TimeSpan? MeanWait, TimeSpan? MeanRun);
