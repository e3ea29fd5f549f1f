namespace JobQueue.Tenants;

/// <summary>What a tenant may use at most. <see langword="null"/> means no limit.</summary>
/// <param name="MaxConcurrent">Jobs running at once; over it jobs wait.</param>
/// <param name="MaxNewPerMinute">New jobs in any window of 60 seconds; over it a submission is refused.</param>
/// <param name="MaxPending">Jobs waiting at once; over it a submission is refused.</param>
public sealed record TenantLimits(int? MaxConcurrent, int? MaxNewPerMinute, int? MaxPending)
{
    public static TenantLimits None { get; } = new(null, null, null);

    /// <summary>Whether no more jobs may start beside those that run.</summary>
    public bool ConcurrencyIsReachedBy(int running) => MaxConcurrent <= running;
}
