using JobQueue.Storage.Sqlite.Board.Targets;
using JobQueue.Storage.Sqlite.Sql;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// The jobs of one tenant, queue and type, seen from the scheduler: how many there are, which comes first, whether it may run.
/// Those that wait for a target stand aside, in its sidings. Written by the store's thread alone; other threads may read the counters.
/// </summary>
internal sealed class Lane(
    int id, TenantState tenant, string queue, string type, bool suspect, LaneCounters counters = default, LatestMinute latest = default)
    : ReadyLine(id, counters.Ready)
{
    private LatestMinute _latest = latest;

    public TenantState Tenant { get; } = tenant;
    public string Queue { get; } = queue;
    public string Type { get; } = type;

    /// <summary>Whether its jobs have crashed so often that they run one at a time.</summary>
    public bool Suspect { get; } = suspect;

    public bool Paused { get; set; }

    public LaneCounters Counters = counters;

    /// <summary>Its live leases.</summary>
    public int Running { get; set; }

    /// <summary>Whether a job waits or runs here. A lane of ended jobs is kept for its counters alone.</summary>
    public bool IsLive => Counters.Pending > 0 || Running > 0;

    /// <summary>What happened since the last commit.</summary>
    public MinuteCounters Happened;

    /// <summary>Whether the counters changed since the last commit.</summary>
    public bool Changed { get; set; }

    /// <summary>Its ready jobs that wait for a target: a siding each.</summary>
    public List<Siding> Sidings { get; } = [];

    public override Lane Home => this;

    public override int Count
    {
        get => Counters.Ready;
        set => Counters.Ready = value;
    }

    public override bool IsHeldUp => Paused;

    /// <summary>Writes what changed, once a commit however many of the lane's jobs moved.</summary>
    /// <param name="sql">Of the transaction under way.</param>
    /// <param name="minute">The present one, since 1970.</param>
    public void Write(HotStatements sql, int minute)
    {
        Ready.Write(sql);
        if (_latest.Minute != minute)
        {
            if (_latest.Minute != 0)
                BindLatest(sql.AddMinute.Bind(Id)).Run();
            _latest = new LatestMinute { Minute = minute };
        }

        _latest.Counters.Add(Happened);
        BindLatest(sql.UpdateLane.Bind(Id).Bind(Counters.Pending).Bind(Counters.Ready).Bind(Counters.Done).Bind(Counters.Failed)
            .Bind(Counters.Dead)).RunOne("lane", Id);
    }

    private SqliteStatement BindLatest(SqliteStatement statement) => statement.Bind(_latest.Minute)
        .Bind(_latest.Counters.Submitted).Bind(_latest.Counters.Done).Bind(_latest.Counters.Failed).Bind(_latest.Counters.Retried)
        .Bind(_latest.Counters.Started).Bind(_latest.Counters.WaitMilliseconds).Bind(_latest.Counters.RunMilliseconds);
}
