namespace JobQueue.Storage.Model.Tenants;

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
