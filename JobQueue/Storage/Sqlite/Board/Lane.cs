using JobQueue.Jobs;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>Where a ready job stands in its lane: the better comes first.</summary>
internal readonly record struct ReadyKey(int Rank, long DueAt, JobId JobId) : IComparable<ReadyKey>
{
    public int CompareTo(ReadyKey other)
    {
        var order = Rank.CompareTo(other.Rank);
        if (order == 0)
            order = DueAt.CompareTo(other.DueAt);
        return order == 0 ? JobId.CompareTo(other.JobId) : order;
    }
}

/// <summary>
/// The jobs of one tenant, queue and type, seen from the scheduler: how many there are, which comes first, whether it may run.
/// Written by the store's thread alone; other threads may read the counters.
/// </summary>
internal sealed class Lane(int id, TenantState tenant, string queue, string type, bool suspect, LaneCounters counters = default)
{
    public int Id { get; } = id;
    public TenantState Tenant { get; } = tenant;
    public string Queue { get; } = queue;
    public string Type { get; } = type;

    /// <summary>Whether its jobs have crashed so often that they run one at a time.</summary>
    public bool Suspect { get; } = suspect;

    public bool Paused { get; set; }
    public LaneCounters Counters = counters;
    public MinuteCounters Minute;

    /// <summary>Whether the counters changed since the last commit.</summary>
    public bool Changed { get; set; }

    /// <summary>
    /// Not worse than the first ready job; exact unless that job was taken out by a cancel, which looking at the lane mends.
    /// Meaningless while none is ready.
    /// </summary>
    public ReadyKey Head { get; set; }

    /// <summary>Its ready jobs in order.</summary>
    public ReadyJobs Ready { get; } = new(id, counters.Ready);
}

/// <summary>How many of a lane's jobs are where. <see cref="Ready"/> is part of Pending, <see cref="Dead"/> of Failed.</summary>
internal struct LaneCounters
{
    public int Pending;
    public int Ready;
    public int Done;
    public int Failed;
    public int Dead;
}

/// <summary>What happened in a lane since the last commit.</summary>
internal struct MinuteCounters
{
    public int Submitted;
    public int Done;
    public int Failed;
    public int Retried;
    public int Started;
    public long WaitMilliseconds;
    public long RunMilliseconds;
}
