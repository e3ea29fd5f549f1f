namespace JobQueue.Jobs.Leases;

/// <summary>The answer to a heartbeat; <see langword="null"/> stands for a lost lease.</summary>
public sealed record HeartbeatResult(DateTimeOffset LeaseExpiresAt, bool CancelRequested)
{
    /// <summary>Whose lease it is, of what; <see langword="null"/> where the store does not say.</summary>
    public HeldJobInfo? Held { get; init; }
}
