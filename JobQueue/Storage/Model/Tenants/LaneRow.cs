namespace JobQueue.Storage.Model.Tenants;

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
