using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// The mirror in memory of what scheduling needs: tenants, lanes, leases, paused queues. Always as of the last commit or the
/// transaction under way; after a rollback it is thrown away and loaded again. What may run is decided here at a cost that
/// depends on tenants and lanes, never on jobs. Written by the store's thread alone.
/// </summary>
internal sealed class LaneBoard
{
    /// <summary>Combinations of queue and type that one tenant's jobs that wait or run may have: what bounds a lease's cost.</summary>
    public const int MaxLanesPerTenant = 10_000;

    private readonly ConcurrentDictionary<int, TenantState> _tenants = new();
    private readonly Dictionary<int, Lane> _lanes = [];
    private readonly Dictionary<(int Tenant, string Queue, string Type, bool Suspect), Lane> _lanesByName = [];
    private readonly ConcurrentDictionary<(int Tenant, string Queue), PausedQueue> _paused = new();
    private readonly Dictionary<JobId, Lease> _leases = [];
    private readonly Dictionary<(int Tenant, string Worker), int> _suspectsRunning = [];
    private readonly SortedSet<ServiceOrder> _order = [];
    private readonly Dictionary<string, int> _openByType = [];
    private readonly HashSet<Lane> _openSuspects = [];
    private readonly Queue<Lane> _stirred = new();
    private readonly List<Lane> _changed = [];
    private readonly List<(Lease Lease, long From, bool IsNew)> _beginning = [];

    /// <summary>Whether something may have become runnable since leases were last given out.</summary>
    public bool AnythingStirred => _stirred.Count > 0;

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

    /// <summary>Readable from other threads.</summary>
    public int AllSuspectsRunning { get; private set; }

    public bool IsPaused(TenantId tenant, string queue) => _paused.ContainsKey((tenant.Value, queue));

    public void Add(TenantState tenant) => _tenants[tenant.Id.Value] = tenant;

    public void SetLimits(TenantState tenant, TenantLimits limits)
    {
        tenant.Limits = limits;
        Replace(tenant);
    }

    public void SetLastServed(TenantState tenant, long served)
    {
        tenant.LastServed = served;
        Replace(tenant);
    }

    public void Add(Lane lane)
    {
        _lanes.Add(lane.Id, lane);
        _lanesByName.Add((lane.Tenant.Id.Value, lane.Queue, lane.Type, lane.Suspect), lane);
        lane.Paused = IsPaused(lane.Tenant.Id, lane.Queue);
        lane.Tenant.Pending += lane.Counters.Pending;
        if (lane.IsLive)
            lane.Tenant.LiveLanes++;
        SetOpen(lane);
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
            lane.Changed = false;
            lane.Happened = default;
        }

        _changed.Clear();
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

    /// <summary>A waiting job became ready.</summary>
    public void AddReady(Lane lane, ReadyKey key)
    {
        if (lane.Counters.Ready == 0 || key.CompareTo(lane.Head) < 0)
            lane.Head = key;
        if (lane.Counters.Ready++ == 0)
            SetOpen(lane);
        Change(lane);
    }

    /// <summary>A ready job was leased or taken out.</summary>
    public void RemoveReady(Lane lane)
    {
        Change(lane);
        if (--lane.Counters.Ready == 0)
            SetOpen(lane);
    }

    public void AddLease(Lease lease)
    {
        _leases.Add(lease.Token.Job, lease);
        if (lease.Suspect)
            CountSuspect(lease.Holder, 1);
        AddRunning(lease.Lane, 1);
        lease.Lane.Tenant.LastServed = ++Served;
        Replace(lease.Lane.Tenant);
    }

    public void RemoveLease(Lease lease)
    {
        _leases.Remove(lease.Token.Job);
        if (lease.Suspect)
            CountSuspect(lease.Holder, -1);
        AddRunning(lease.Lane, -1);
        Replace(lease.Lane.Tenant);
    }

    public int SuspectsRunning((int Tenant, string Worker) holder) => _suspectsRunning.GetValueOrDefault(holder);

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

    /// <summary>Whether a job is ready of a type that the wish takes: who waits for other types is not looked through tenant by tenant.</summary>
    public bool HasTypeFor(LeaseRequest wish) => wish.Types is null || wish.Types.Any(_openByType.ContainsKey);

    /// <summary>
    /// The lane whose first job a free worker should take: of the tenant with the fewest running jobs, then served longest ago,
    /// that has a job this wish may take; inside the tenant the lane with the best first job. Null when there is none.
    /// </summary>
    /// <param name="wish">What the worker can do.</param>
    /// <param name="ahead">Whether the job would wait for a slot rather than start at once.</param>
    public Lane? Pick(LeaseRequest wish, bool ahead)
    {
        if (wish.Tenant is { } only)
            return FindTenant(only) is { Place: not null } tenant ? Best(tenant, wish, ahead) : null;
        foreach (var place in _order)
        {
            if (Best(place.Tenant, wish, ahead) is { } best)
                return best;
        }

        return null;
    }

    /// <summary>Whether a wish may take the lane's first job, were it its turn.</summary>
    public bool MayTake(Lane lane, LeaseRequest wish) =>
        (wish.Tenant is not { } only || only == lane.Tenant.Id) && MayTake(lane, wish, ahead: wish.Slots == 0);

    /// <summary>A lane in which something may have become runnable since leases were last given out, each once; null when there is none left.</summary>
    public Lane? NextStirred()
    {
        if (!_stirred.TryDequeue(out var lane))
            return null;
        lane.Stirred = false;
        return lane;
    }

    private Lane? Best(TenantState tenant, LeaseRequest wish, bool ahead)
    {
        Lane? best = null;
        foreach (var lane in tenant.OpenLanes)
        {
            if ((best is null || lane.Head.CompareTo(best.Head) < 0) && MayTake(lane, wish, ahead))
                best = lane;
        }

        return best;
    }

    private bool MayTake(Lane lane, LeaseRequest wish, bool ahead) =>
        (wish.Types is null || wish.Types.Contains(lane.Type))
        && (wish.Queues is null || wish.Queues.Contains(lane.Queue))
        && (!ahead || (!lane.Suspect && wish.AheadTypes?.Contains(lane.Type) == true))
        && (!lane.Suspect || SuspectsRunning(Lease.HolderOf(lane.Tenant, wish.Worker.Name, wish.Worker.InProcess)) == 0);

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

    private void CountSuspect((int Tenant, string Worker) holder, int change)
    {
        AllSuspectsRunning += change;
        var running = SuspectsRunning(holder) + change;
        if (running > 0)
        {
            _suspectsRunning[holder] = running;
            return;
        }

        _suspectsRunning.Remove(holder);
        foreach (var lane in _openSuspects)
            Stir(lane);
    }

    private void SetPaused(TenantId tenant, string queue, bool paused)
    {
        foreach (var lane in _lanes.Values)
        {
            if (lane.Tenant.Id != tenant || lane.Queue != queue)
                continue;
            lane.Paused = paused;
            SetOpen(lane);
        }
    }

    /// <summary>Takes the lane up among its tenant's open ones, or out, as it has become. What is blocked is not looked at.</summary>
    private void SetOpen(Lane lane)
    {
        var open = lane.Counters.Ready > 0 && !lane.Paused;
        if (open == lane.IsOpen)
            return;
        lane.IsOpen = open;
        if (open)
        {
            lane.Tenant.OpenLanes.Add(lane);
            CollectionsMarshal.GetValueRefOrAddDefault(_openByType, lane.Type, out _)++;
            if (lane.Suspect)
                _openSuspects.Add(lane);
            Stir(lane);
        }
        else
        {
            lane.Tenant.OpenLanes.Remove(lane);
            _openSuspects.Remove(lane);
            if (--CollectionsMarshal.GetValueRefOrNullRef(_openByType, lane.Type) == 0)
                _openByType.Remove(lane.Type);
        }

        Replace(lane.Tenant);
    }

    private void Stir(Lane lane)
    {
        if (lane.Stirred)
            return;
        lane.Stirred = true;
        _stirred.Enqueue(lane);
    }

    /// <summary>Puts a tenant where it now belongs in the order of service. One that had no place there may have something runnable now.</summary>
    private void Replace(TenantState tenant)
    {
        var hadPlace = tenant.Place is not null;
        if (tenant.Place is { } old)
            _order.Remove(old);
        var mayRun = tenant.OpenLanes.Count > 0 && !tenant.Limits.ConcurrencyIsReachedBy(tenant.Running);
        tenant.Place = mayRun ? new ServiceOrder(tenant.Running, tenant.LastServed, tenant) : null;
        if (tenant.Place is not { } place)
            return;
        _order.Add(place);
        if (!hadPlace)
            tenant.OpenLanes.ForEach(Stir);
    }
}
