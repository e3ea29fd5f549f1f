using JobQueue.Tenants;

namespace JobQueue.Jobs.Submissions;

/// <summary>Whether new jobs are within their tenant's limits. Pure.</summary>
internal static class SubmissionLimits
{
    /// <summary>Combinations of queue and type that one tenant's jobs that wait or run may have: what bounds a lease's cost.</summary>
    public const int MaxLanesPerTenant = 10_000;

    /// <param name="accepted">New jobs in the last minute.</param>
    /// <param name="pending">Jobs that wait.</param>
    /// <param name="count">How many more there would be.</param>
    /// <returns>Null when they may come.</returns>
    public static RefusalReason? Refusal(TenantLimits limits, int accepted, int pending, int count)
    {
        if (limits.MaxNewPerMinute == 0 || limits.MaxPending == 0)
            return RefusalReason.LimitIsZero;
        if (count > limits.MaxNewPerMinute)
            return RefusalReason.BatchLargerThanRate;
        if (count > limits.MaxPending)
            return RefusalReason.BatchLargerThanBacklog;
        if (accepted + count > limits.MaxNewPerMinute)
            return RefusalReason.Rate;
        return pending + count > limits.MaxPending ? RefusalReason.Backlog : null;
    }
}
