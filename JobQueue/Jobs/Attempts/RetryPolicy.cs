namespace JobQueue.Jobs.Attempts;

/// <summary>How long to wait between attempts. Pure: the same arguments give the same delay.</summary>
public sealed record RetryPolicy(TimeSpan BaseDelay, double Factor, TimeSpan MaxDelay)
{
    private const double Jitter = 0.25;

    /// <summary>Retries of a job that does not say.</summary>
    public int DefaultMaxRetries { get; init; }

    /// <summary>
    /// The delay before retry <paramref name="retry"/>: <c>min(MaxDelay, BaseDelay × Factor^(retry-1))</c>, spread evenly over
    /// ± 25 %, or <paramref name="retryAfter"/> when the target asked for longer.
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
        return retryAfter is { } asked && asked > spread ? asked : spread;
    }
}
