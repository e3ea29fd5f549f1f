namespace JobQueue.Storage.Entities;

internal sealed class TenantRow
{
    public int Id { get; set; }
    public required string Name { get; set; }
    public int? MaxConcurrent { get; set; }
    public int? MaxNewPerMinute { get; set; }
    public int? MaxPending { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>
/// Jobs of one tenant, queue and type stand in one line: what is runnable is decided per lane, however many jobs wait in it.
/// Suspects have lanes of their own. The counters are maintained in the transaction that moves the jobs.
/// </summary>
internal sealed class LaneRow
{
    public int Id { get; set; }
    public int TenantId { get; set; }
    public required string Queue { get; set; }
    public required string Type { get; set; }
    public bool Suspect { get; set; }

    /// <summary>Jobs that wait, also those scheduled for later; not those that run.</summary>
    public int Pending { get; set; }

    /// <summary>Of <see cref="Pending"/>, those that may run now.</summary>
    public int Ready { get; set; }

    public int Done { get; set; }
    public int Failed { get; set; }

    /// <summary>Of <see cref="Failed"/>, those in the dead letter queue.</summary>
    public int Dead { get; set; }

    /// <summary>
    /// The latest minute in which something happened here, since 1970; what did follows. It moves to a <see cref="MinuteRow"/>
    /// when something happens in a later one, so that a commit writes one row a lane.
    /// </summary>
    public int Minute { get; set; }

    public int MinuteSubmitted { get; set; }
    public int MinuteDone { get; set; }
    public int MinuteFailed { get; set; }
    public int MinuteRetried { get; set; }
    public int MinuteStarted { get; set; }
    public long MinuteWaitMilliseconds { get; set; }
    public long MinuteRunMilliseconds { get; set; }

    public TenantRow? Tenant { get; set; }
}

/// <summary>A queue that an operator paused. Other queues need no row.</summary>
internal sealed class PausedQueueRow
{
    public int TenantId { get; set; }
    public required string Name { get; set; }
    public DateTimeOffset PausedAt { get; set; }
    public required string PausedBy { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset? Until { get; set; }
}

/// <summary>
/// What happened in a lane in one minute: rates and charts read these few rows, never the jobs. The latest one is in the lane's
/// own row; of one minute there may be both, after an upgrade or when the clock went back: they add up.
/// </summary>
internal sealed class MinuteRow
{
    public int LaneId { get; set; }

    /// <summary>Minutes since 1970.</summary>
    public int Minute { get; set; }

    public int Submitted { get; set; }
    public int Done { get; set; }
    public int Failed { get; set; }
    public int Retried { get; set; }

    /// <summary>Milliseconds from due to leased, summed over what was leased.</summary>
    public long WaitMilliseconds { get; set; }

    public int Started { get; set; }

    /// <summary>Milliseconds run, summed over attempts that ended.</summary>
    public long RunMilliseconds { get; set; }
}
