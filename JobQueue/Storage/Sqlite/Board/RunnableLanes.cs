using System.Runtime.InteropServices;
using JobQueue.Jobs.Leases;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// The lanes in which a job may run, in the order in which their tenants are served, and which of them are news. What is blocked
/// (a paused queue, a tenant at its limit) is not here, however much of it waits. Written by the store's thread alone.
/// </summary>
internal sealed class RunnableLanes
{
    private readonly SortedSet<ServiceOrder> _order = [];
    private readonly Dictionary<TenantId, TenantState> _tenants = [];
    private readonly Dictionary<string, int> _openByType = [];
    private readonly Dictionary<(int Tenant, string Worker), int> _suspectsRunning = [];
    private readonly HashSet<Lane> _openSuspects = [];
    private readonly Queue<Lane> _stirred = new();

    /// <summary>Whether something may have become runnable since leases were last given out.</summary>
    public bool AnythingStirred => _stirred.Count > 0;

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
            return _tenants.TryGetValue(only, out var tenant) ? Best(tenant, wish, ahead) : null;
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

    /// <summary>Takes the lane up among its tenant's open ones, or out, as it has become. What is blocked is not looked at.</summary>
    public void Update(Lane lane)
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

    /// <summary>Puts a tenant where it now belongs in the order of service. One that had no place there may have something runnable now.</summary>
    public void Replace(TenantState tenant)
    {
        var old = tenant.Place;
        if (old is { } left)
            _order.Remove(left);
        var mayRun = tenant.OpenLanes.Count > 0 && !tenant.Limits.ConcurrencyIsReachedBy(tenant.Running);
        tenant.Place = mayRun ? new ServiceOrder(tenant.Running, tenant.LastServed, tenant) : null;
        if (tenant.Place is { } place)
            _order.Add(place);
        if (old is not null == mayRun)
            return;
        if (mayRun)
        {
            _tenants.Add(tenant.Id, tenant);
            tenant.OpenLanes.ForEach(Stir);
        }
        else
        {
            _tenants.Remove(tenant.Id);
        }
    }

    /// <summary>A suspect began to run with a holder, or (-1) ended: then that holder may take the next one.</summary>
    public void CountSuspect((int Tenant, string Worker) holder, int change)
    {
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

    private void Stir(Lane lane)
    {
        if (lane.Stirred)
            return;
        lane.Stirred = true;
        _stirred.Enqueue(lane);
    }

    private int SuspectsRunning((int Tenant, string Worker) holder) => _suspectsRunning.GetValueOrDefault(holder);
}
