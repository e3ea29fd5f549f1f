namespace JobQueue.Dashboard.Pages.Overview;

/// <summary>What happened in one stretch of a chart.</summary>
public sealed record Bucket(DateTimeOffset From, int Submitted, int Done, int Failed, TimeSpan? MeanWait, TimeSpan? MeanRun);
