namespace JobQueue.Tenants;

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

    public bool AtConcurrencyLimit => Limits.ConcurrencyIsReachedBy(Running);
}
