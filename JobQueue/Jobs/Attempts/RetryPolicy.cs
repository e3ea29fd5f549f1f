namespace JobQueue.Jobs.Attempts;

/// <summary>How long to wait between attempts. Pure: the same arguments give the same delay.</summary>
public sealed record RetryPolicy(TimeSpan BaseDelay, double Factor, TimeSpan MaxDelay)
{
    private const double Jitter = 0.25;

    /// <summary>Upwards only: who was asked to wait comes no sooner, and those who were told the same do not come in one moment.</summary>
    private const double JitterOfWish = 0.1;

    /// <summary>Retries of a job that does not say.</summary>
    public int DefaultMaxRetries { get; init; }

    /// <summary>The longest that a target's own wish is followed.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The delay before retry <paramref name="retry"/>: <c>min(MaxDelay, BaseDelay × Factor^(retry-1))</c>, spread evenly over
    /// ± 25 %, or, when the target asked for longer, <c>min(MaxRetryAfter, retryAfter)</c>, spread by up to 10 % upwards.
    /// </summary>
    /// <param name="retry">1 for the first retry.</param>
    /// <param name="random">Evenly spread in [0, 1).</param>
    /// <param name="retryAfter">What the target asked for.</param>
    public TimeSpan DelayBefore(int retry, double random, TimeSpan? retryAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retry, 1);
        // Math.Min takes care of the power's overflow to infinity; 0 × infinity would be NaN.
        var seconds = BaseDelay == TimeSpan.Zero
            ? 0
            : Math.Min(MaxDelay.TotalSeconds, BaseDelay.TotalSeconds * Math.Pow(Factor, retry - 1));
        var spread = TimeSpan.FromSeconds(seconds * (1 - Jitter + (2 * Jitter * random)));
        if (retryAfter is not { } asked)
            return spread;
        var kept = (asked < MaxRetryAfter ? asked : MaxRetryAfter) * (1 + (JitterOfWish * random));
        return kept > spread ? kept : spread;
    }
}
