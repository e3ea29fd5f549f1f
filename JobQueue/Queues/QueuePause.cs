namespace JobQueue.Queues;

/// <summary>An operator's pause of a queue.</summary>
public sealed record QueuePause(DateTimeOffset PausedAt, string PausedBy, string? Reason, DateTimeOffset? Until);
