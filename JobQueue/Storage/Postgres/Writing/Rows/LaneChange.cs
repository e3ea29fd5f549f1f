namespace JobQueue.Storage.Postgres.Writing.Rows;

/// <summary>By how much a lane's counters change with a transaction, and what happened there in its minute.</summary>
internal sealed class LaneChange(int lane, int tenant)
{
    public int Lane => lane;

    public int Tenant => tenant;

    public int Pending { get; set; }
    public int Ready { get; set; }
    public int Done { get; set; }
    public int Failed { get; set; }
    public int Dead { get; set; }

    public int MinuteSubmitted { get; set; }
    public int MinuteDone { get; set; }
    public int MinuteFailed { get; set; }
    public int MinuteRetried { get; set; }
    public int MinuteStarted { get; set; }
    public long MinuteWaitMilliseconds { get; set; }
    public long MinuteRunMilliseconds { get; set; }

    public bool CountersChange => (Pending, Ready, Done, Failed, Dead) != default;

    public bool MinuteChanges => (MinuteSubmitted, MinuteDone, MinuteFailed, MinuteRetried, MinuteStarted) != default
        || (MinuteWaitMilliseconds, MinuteRunMilliseconds) != default;
}
