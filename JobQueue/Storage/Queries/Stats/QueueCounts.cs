namespace JobQueue.Storage.Queries.Stats;

/// <summary>One queue's counts.</summary>
public sealed record QueueCounts(string Tenant, string Queue, JobCounts Counts);
