namespace JobQueue.Tenants;

/// <summary>What a tenant may use at most. <see langword="null"/> means no limit.</summary>
/// <param name="MaxConcurrent">Jobs running at once; over it jobs wait.</param>
/// <param name="MaxNewPerMinute">New jobs in any window of 60 seconds; over it a submission is refused.</param>
/// <param name="MaxPending">Jobs waiting at once; over it a submission is refused.</param>
public sealed record TenantLimits(int? MaxConcurrent, int? MaxNewPerMinute, int? MaxPending)
{
    public static TenantLimits None { get; } = new(null, null, null);
}

/// <summary>A tenant's limits with what is used of them at this moment.</summary>
/// <param name="Limits">What the tenant may use.</param>
/// <param name="Running">Jobs leased now.</param>
/// <param name="AcceptedLastMinute">New jobs accepted in the last 60 seconds.</param>
/// <param name="Pending">Jobs waiting now, also those scheduled for later.</param>
/// <param name="NextAcceptance">Time until one more submission is accepted; zero when it would be accepted now.</param>
public sealed record TenantUsage(TenantLimits Limits, int Running, int AcceptedLastMinute, int Pending, TimeSpan NextAcceptance)
{
    /// <summary>New jobs that may be submitted at this moment, or <see langword="null"/> without a limit.</summary>
    public int? RemainingThisMinute =>
        Limits.MaxNewPerMinute is { } max ? Math.Max(0, max - AcceptedLastMinute) : null;

    public bool AtConcurrencyLimit => Limits.MaxConcurrent is { } max && Running >= max;
}
