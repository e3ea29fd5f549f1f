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

    /// <summary>Whether the holder died with the server process that leased it.</summary>
    public bool InProcess { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>For display; the clock that counts is the store's own.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public int DurationMilliseconds { get; set; }
    public DateTimeOffset? CancelRequestedAt { get; set; }
    public double? ProgressPercent { get; set; }
    public string? ProgressMessage { get; set; }
}
