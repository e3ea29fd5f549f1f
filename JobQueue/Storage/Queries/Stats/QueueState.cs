using JobQueue.Queues;

namespace JobQueue.Storage.Queries.Stats;

/// <summary>A queue with what is in it, and whether an operator paused it.</summary>
public sealed record QueueState(string Tenant, string Name, JobCounts Counts, QueuePause? Pause);
