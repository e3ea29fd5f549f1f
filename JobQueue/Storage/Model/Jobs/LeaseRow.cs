using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

/// <summary>A running job. The limits on concurrency count these rows.</summary>
internal sealed class LeaseRow
{
    public JobId JobId { get; set; }
    public int TenantId { get; set; }
    public int LaneId { get; set; }
    public long Secret { get; set; }
    public int Attempt { get; set; }
    public required string Worker { get; set; }

    /// <summary>The server process that the holder dies with; null for a remote worker.</summary>
    public string? Process { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>For display; the clock that counts is the store's own.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public int DurationMilliseconds { get; set; }
    public DateTimeOffset? CancelRequestedAt { get; set; }
    public double? ProgressPercent { get; set; }
    public string? ProgressMessage { get; set; }
}
