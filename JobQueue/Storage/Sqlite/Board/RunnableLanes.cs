using System.Runtime.InteropServices;
using JobQueue.Jobs.Leases;
using JobQueue.Storage.Sqlite.Board.Targets;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// The lines in which a job may run, in the order in which their tenants are served, and which of them are news. What is blocked
/// (a paused queue, a tenant at its limit, a target that is down) is not here, however much of it waits. Written by the store's
/// thread alone.
/// </summary>
/// <param name="calls">How many calls each target is busy with.</param>
internal sealed class RunnableLanes(TargetCalls calls)
{
    private readonly SortedSet<ServiceOrder> _order = [];
    private readonly Dictionary<TenantId, TenantState> _tenants = [];
    private readonly Dictionary<string, int> _openByType = [];
    private readonly Dictionary<(int Tenant, string Name), int> _suspectsRunning = [];
    private readonly HashSet<ReadyLine> _openSuspects = [];
    private readonly Queue<ReadyLine> _stirred = new();

    /// <summary>Whether something may have become runnable since leases were last given out.</summary>
    public bool AnythingStirred => _stirred.Count > 0;

    /// <summary>Whether a job is ready of a type that the wish takes: who waits for other types is not looked through tenant by tenant.</summary>
    public bool HasTypeFor(LeaseRequest wish) => wish.Types is null || wish.Types.Any(_openByType.ContainsKey);

    /// <summary>
    /// The line whose first job a free worker should take: of the tenant with the fewest running jobs, then served longest ago,
    /// that has a job this wish may take; inside the tenant the line with the best first job. Null when there is none.
    /// </summary>
    /// <param name="wish">What the worker can do.</param>
    /// <param name="ahead">Whether the job would wait for a slot rather than start at once.</param>
    public ReadyLine? Pick(LeaseRequest wish, bool ahead)
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

    /// <summary>Whether a wish may take the line's first job, were it its turn.</summary>
    public bool MayTake(ReadyLine line, LeaseRequest wish) =>
        (wish.Tenant is not { } only || only == line.Home.Tenant.Id) && MayTake(line, wish, ahead: wish.Slots == 0);

    /// <summary>A line in which something may have become runnable since leases were last given out, each once; null when there is none left.</summary>
    public ReadyLine? NextStirred()
    {
        if (!_stirred.TryDequeue(out var line))
            return null;
        line.Stirred = false;
        return line;
    }

    /// <summary>Something may have become runnable here.</summary>
    public void Stir(ReadyLine line)
    {
        if (line.Stirred)
            return;
        line.Stirred = true;
        _stirred.Enqueue(line);
    }

    /// <summary>Takes the line up among its tenant's open ones, or out, as it has become. What is blocked is not looked at.</summary>
    public void Update(ReadyLine line)
    {
        var open = line.Count > 0 && !line.IsHeldUp;
        if (open == line.IsOpen)
            return;
        line.IsOpen = open;
        var lane = line.Home;
        if (open)
        {
            lane.Tenant.OpenLines.Add(line);
            CollectionsMarshal.GetValueRefOrAddDefault(_openByType, lane.Type, out _)++;
            if (lane.Suspect)
                _openSuspects.Add(line);
            Stir(line);
        }
        else
        {
            lane.Tenant.OpenLines.Remove(line);
            _openSuspects.Remove(line);
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
        var mayRun = tenant.OpenLines.Count > 0 && !tenant.Limits.ConcurrencyIsReachedBy(tenant.Running);
        tenant.Place = mayRun ? new ServiceOrder(tenant.Running, tenant.LastServed, tenant) : null;
        if (tenant.Place is { } place)
            _order.Add(place);
        if (old is not null == mayRun)
            return;
        if (mayRun)
        {
            _tenants.Add(tenant.Id, tenant);
            tenant.OpenLines.ForEach(Stir);
        }
        else
        {
            _tenants.Remove(tenant.Id);
        }
    }

    /// <summary>A suspect began to run with a holder, or (-1) ended: then that holder may take the next one.</summary>
    public void CountSuspect((int Tenant, string Name) holder, int change)
    {
        var running = SuspectsRunning(holder) + change;
        if (running > 0)
        {
            _suspectsRunning[holder] = running;
            return;
        }

        _suspectsRunning.Remove(holder);
        foreach (var line in _openSuspects)
            Stir(line);
    }

    private ReadyLine? Best(TenantState tenant, LeaseRequest wish, bool ahead)
    {
        ReadyLine? best = null;
        foreach (var line in tenant.OpenLines)
        {
            if ((best is null || line.Head.CompareTo(best.Head) < 0) && MayTake(line, wish, ahead))
                best = line;
        }

        return best;
    }

    private bool MayTake(ReadyLine line, LeaseRequest wish, bool ahead)
    {
        var lane = line.Home;
        return !line.IsPassedOver
            && (wish.Types is null || wish.Types.Contains(lane.Type))
            && (wish.Queues is null || wish.Queues.Contains(lane.Queue))
            && (!ahead || (!lane.Suspect && wish.AheadTypes?.Contains(lane.Type) == true))
            && (!lane.Suspect || SuspectsRunning(HolderOf(lane, wish)) == 0)
            && (line is not Siding siding || calls.HasRoom(siding.Target.Name, HolderOf(lane, wish)));
    }

    private static (int Tenant, string Name) HolderOf(Lane lane, LeaseRequest wish) =>
        Lease.HolderOf(lane.Tenant, wish.Worker.Name, wish.Worker.Process);

    private int SuspectsRunning((int Tenant, string Name) holder) => _suspectsRunning.GetValueOrDefault(holder);
}
