using System.ComponentModel.DataAnnotations;

namespace JobQueue.Jobs.Attempts;

/// <summary>Section <c>Retries</c>: how often and how late a failed attempt is tried again.</summary>
public sealed class RetriesOptions
{
    public const string Section = "Retries";

    /// <summary>Retries of a job that does not say.</summary>
    [Range(0, 100)]
    public int MaxRetries { get; set; } = 5;

    /// <summary>Delay before the first retry, in seconds.</summary>
    [Range(0.0, 86_400.0)]
    public double BaseDelaySeconds { get; set; } = 5;

    /// <summary>What the delay is multiplied by from retry to retry.</summary>
    [Range(1.0, 100.0)]
    public double Factor { get; set; } = 3;

    /// <summary>The longest delay, in seconds.</summary>
    [Range(0.0, 2_592_000.0)]
    public double MaxDelaySeconds { get; set; } = 3600;

    /// <summary>The longest that a target's Retry-After is followed, in seconds.</summary>
    [Range(0.0, 2_592_000.0)]
    public double MaxRetryAfterSeconds { get; set; } = 86_400;

    internal RetryPolicy ToPolicy() => new(TimeSpan.FromSeconds(BaseDelaySeconds), Factor, TimeSpan.FromSeconds(MaxDelaySeconds))
    {
        DefaultMaxRetries = MaxRetries,
        MaxRetryAfter = TimeSpan.FromSeconds(MaxRetryAfterSeconds),
    };
}
