using System.Collections.Concurrent;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board.Targets;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// The mirror in memory of what scheduling needs: tenants, lanes, leases, paused queues. Always as of the last commit or the
/// transaction under way; after a rollback it is thrown away and loaded again. What may run is decided here at a cost that
/// depends on tenants and lanes, never on jobs. Written by the store's thread alone.
/// </summary>
internal sealed class LaneBoard
{
    private readonly ConcurrentDictionary<int, TenantState> _tenants = new();
    private readonly Dictionary<int, Lane> _lanes = [];
    private readonly Dictionary<(int Tenant, string Queue, string Type, bool Suspect), Lane> _lanesByName = [];
    private readonly ConcurrentDictionary<(int Tenant, string Queue), PausedQueue> _paused = new();
    private readonly Dictionary<JobId, Lease> _leases = [];
    private readonly List<Lane> _changed = [];
    private readonly List<(Lease Lease, long From, bool IsNew)> _beginning = [];

    public LaneBoard()
    {
        var calls = new TargetCalls();
        Runnable = new RunnableLanes(calls);
        Targets = new TargetBoard(calls, Runnable);
    }

    /// <summary>What may run, and whose turn it is.</summary>
    public RunnableLanes Runnable { get; }

    /// <summary>What jobs call.</summary>
    public TargetBoard Targets { get; }

    /// <summary>When leases were last looked at, on the clock that does not jump.</summary>
    public long? LastReaped { get; set; }

    /// <summary>How far the wall clock is apart from the one that does not jump, as what is told by it was last set; as of the last commit.</summary>
    public TimeSpan? ClocksApart { get; set; }

    /// <summary>The same, should the transaction under way be committed.</summary>
    public TimeSpan? ClocksApartNext { get; set; }

    /// <summary>Leases given out so far: the clock that tells which tenant was served longest ago.</summary>
    public long Served { get; set; }

    public IReadOnlyDictionary<JobId, Lease> Leases => _leases;

    public IEnumerable<TenantState> Tenants => _tenants.Values;

    public IEnumerable<Lane> Lanes => _lanes.Values;

    public IReadOnlyList<Lane> ChangedLanes => _changed;

    public IEnumerable<PausedQueue> Paused => _paused.Values;

    public TenantState Tenant(TenantId id) => _tenants[id.Value];

    public TenantState? FindTenant(TenantId id) => _tenants.GetValueOrDefault(id.Value);

    public Lane Lane(int id) => _lanes[id];

    public Lane? FindLane(TenantState tenant, string queue, string type, bool suspect) =>
        _lanesByName.GetValueOrDefault((tenant.Id.Value, queue, type, suspect));

    public Lease? FindLease(LeaseToken token) =>
        _leases.TryGetValue(token.Job, out var lease) && lease.Token == token ? lease : null;

    public Lease? FindLease(JobId id) => _leases.GetValueOrDefault(id);

    public PausedQueue? FindPaused(TenantId tenant, string queue) => _paused.GetValueOrDefault((tenant.Value, queue));

    public bool IsPaused(TenantId tenant, string queue) => _paused.ContainsKey((tenant.Value, queue));

    public void Add(TenantState tenant) => _tenants[tenant.Id.Value] = tenant;

    public void SetLimits(TenantState tenant, TenantLimits limits)
    {
        tenant.Limits = limits;
        Runnable.Replace(tenant);
    }

    public void SetLastServed(TenantState tenant, long served)
    {
        tenant.LastServed = served;
        Runnable.Replace(tenant);
    }

    public void Add(Lane lane)
    {
        _lanes.Add(lane.Id, lane);
        _lanesByName.Add((lane.Tenant.Id.Value, lane.Queue, lane.Type, lane.Suspect), lane);
        lane.Paused = IsPaused(lane.Tenant.Id, lane.Queue);
        lane.Tenant.Pending += lane.Counters.Pending;
        if (lane.IsLive)
            lane.Tenant.LiveLanes++;
        Runnable.Update(lane);
    }

    /// <summary>Forgets a lane that holds no job any more.</summary>
    public void Remove(Lane lane)
    {
        _lanes.Remove(lane.Id);
        _lanesByName.Remove((lane.Tenant.Id.Value, lane.Queue, lane.Type, lane.Suspect));
    }

    /// <summary>Marks a lane whose counters are to be written with this commit.</summary>
    public void Change(Lane lane)
    {
        if (lane.Changed)
            return;
        lane.Changed = true;
        _changed.Add(lane);
    }

    private void Change(ReadyLine line)
    {
        if (line is Siding siding)
            Targets.Change(siding);
        else
            Change(line.Home);
    }

    /// <summary>A lease, or its extension, is counted from when it was decided; it begins when its holder hears of it.</summary>
    public void BeginsWhenAnswered(Lease lease, long from, bool isNew) => _beginning.Add((lease, from, isNew));

    /// <param name="now">On the clock that does not jump: answers go out now.</param>
    public void ChangesWritten(long now)
    {
        foreach (var (lease, from, isNew) in _beginning)
        {
            if (isNew)
                lease.TimeoutAt += now - from;
            lease.SetDeadline(lease.Deadline + now - from);
        }

        _beginning.Clear();
        ClocksApart = ClocksApartNext;
        foreach (var lane in _changed)
        {
            if (lane.Happened.Submitted > 0)
                lane.Tenant.Window.Keep();
            lane.Changed = false;
            lane.Happened = default;
        }

        _changed.Clear();
    }

    /// <summary>
    /// The transaction was rolled back. All is read anew but the windows of the limits a minute, which memory knows exactly, whatever
    /// was done to the wall clock meanwhile.
    /// </summary>
    public void UndoAcceptances()
    {
        foreach (var lane in _changed)
            lane.Tenant.Window.Undo();
    }

    /// <summary>A job began to wait, or (-1) ceased to.</summary>
    public void AddPending(Lane lane, int count)
    {
        var wasLive = lane.IsLive;
        lane.Counters.Pending += count;
        lane.Tenant.Pending += count;
        CountLive(lane, wasLive);
        Change(lane);
    }

    /// <summary>A waiting job became ready, or came from another line.</summary>
    public void AddReady(ReadyLine line, ReadyKey key)
    {
        if (line.Count == 0 || key.CompareTo(line.Head) < 0)
            line.Head = key;
        if (line.Count++ == 0)
            Runnable.Update(line);
        Change(line);
    }

    /// <summary>A ready job was leased or taken out.</summary>
    public void RemoveReady(ReadyLine line)
    {
        Change(line);
        if (--line.Count == 0)
            Runnable.Update(line);
    }

    public void AddLease(Lease lease)
    {
        _leases.Add(lease.Token.Job, lease);
        if (lease.Suspect)
            Runnable.CountSuspect(lease.Holder, 1);
        AddRunning(lease.Lane, 1);
        if (lease.Target is { } target)
            Targets.Begin(lease, target);
        lease.Lane.Tenant.LastServed = ++Served;
        Runnable.Replace(lease.Lane.Tenant);
    }

    public void RemoveLease(Lease lease)
    {
        _leases.Remove(lease.Token.Job);
        if (lease.Suspect)
            Runnable.CountSuspect(lease.Holder, -1);
        AddRunning(lease.Lane, -1);
        if (lease.Target is { } target)
            Targets.End(lease, target);
        Runnable.Replace(lease.Lane.Tenant);
    }

    public void Pause(PausedQueue queue)
    {
        _paused[(queue.Tenant.Value, queue.Name)] = queue;
        SetPaused(queue.Tenant, queue.Name, true);
    }

    public bool Resume(TenantId tenant, string queue)
    {
        var paused = _paused.TryRemove((tenant.Value, queue), out _);
        SetPaused(tenant, queue, false);
        return paused;
    }

    private static void AddRunning(Lane lane, int change)
    {
        var wasLive = lane.IsLive;
        lane.Running += change;
        lane.Tenant.Running += change;
        CountLive(lane, wasLive);
    }

    private static void CountLive(Lane lane, bool wasLive)
    {
        if (lane.IsLive != wasLive)
            lane.Tenant.LiveLanes += wasLive ? -1 : 1;
    }

    private void SetPaused(TenantId tenant, string queue, bool paused)
    {
        foreach (var lane in _lanes.Values)
        {
            if (lane.Tenant.Id != tenant || lane.Queue != queue)
                continue;
            lane.Paused = paused;
            Runnable.Update(lane);
            lane.Sidings.ForEach(Runnable.Update);
        }
    }
}
