using JobQueue.Jobs.Leases;
using JobQueue.Storage.Postgres.Directories;

namespace JobQueue.Storage.Postgres.Working.Leasing;

/// <summary>
/// Where this process believes jobs to be ready, and whose turn it is. It saves questions and decides nothing: what is leased is what a
/// transaction finds. Belongs to the work writer.
/// </summary>
internal sealed class LineBoard(TenantDirectory tenants, LaneDirectory lanes)
{
    /// <summary>So many lines of one tenant are looked at in one transaction, those with the best first jobs.</summary>
    private const int MaxLinesOfTenant = 16;

    private readonly Dictionary<int, Line> _lines = [];
    private readonly Dictionary<int, TenantLoad> _tenants = [];
    private readonly HashSet<TenantLoad> _open = [];
    private readonly HashSet<int> _unknown = [];
    private readonly HashSet<Line> _parked = [];
    private long _served;

    /// <summary>Lines of which nothing is known but that something is ready there.</summary>
    public IReadOnlySet<int> Unknown => _unknown;

    /// <summary>Tenants that have had jobs ready.</summary>
    public IEnumerable<int> Tenants => _tenants.Keys;

    public TenantLoad Tenant(int id)
    {
        if (!_tenants.TryGetValue(id, out var tenant))
            _tenants.Add(id, tenant = new TenantLoad(id, tenants));
        return tenant;
    }

    public Line? Find(int id) => _lines.GetValueOrDefault(id);

    public Line? FindSiding(int lane, string target) => _lines.Values.FirstOrDefault(line => line.Target == target && line.Lane.Id == lane);

    /// <summary>A siding that is in the database.</summary>
    public Line AddSiding(int id, int lane, string target)
    {
        if (_lines.TryGetValue(id, out var known))
            return known;
        var line = new Line(id, lanes[lane], Tenant(lanes[lane].TenantId), target);
        _lines.Add(id, line);
        if (_unknown.Remove(id))
            Stir(id);
        return line;
    }

    /// <summary>Something may have become ready there.</summary>
    public void Stir(int id)
    {
        if (!_lines.TryGetValue(id, out var line))
        {
            if (id < 0 || lanes.Find(id) is not { } lane)
            {
                _unknown.Add(id);
                return;
            }

            _unknown.Remove(id);
            _lines.Add(id, line = new Line(id, lane, Tenant(lane.TenantId), null));
        }

        line.Stirs++;
        line.Head = null;
        if (line.IsOpen)
            return;
        line.IsOpen = true;
        line.Tenant.OpenLines.Add(line);
        _open.Add(line.Tenant);
    }

    /// <summary>Lanes that were unknown are known now; those that are not do not exist.</summary>
    public void ResolveUnknown()
    {
        foreach (var id in _unknown.ToList())
        {
            _unknown.Remove(id);
            if (lanes.Find(id) is not null)
                Stir(id);
        }
    }

    /// <summary>Nothing is ready there.</summary>
    /// <param name="stirs">As it was when the database was asked.</param>
    public void Close(Line line, int stirs)
    {
        line.Head = null;
        if (line.Stirs != stirs || !line.IsOpen)
            return;
        line.IsOpen = false;
        line.Tenant.OpenLines.Remove(line);
        if (line.Tenant.OpenLines.Count == 0)
            _open.Remove(line.Tenant);
    }

    /// <summary>Nothing there may run until something has ended or changed.</summary>
    /// <param name="stirs">As it was when the database was asked.</param>
    public void Park(Line line, int stirs)
    {
        if (line.Stirs != stirs || !line.IsOpen)
            return;
        Close(line, stirs);
        _parked.Add(line);
    }

    /// <summary>Something has ended or changed: what may not run until then is looked at again.</summary>
    public void StirParked()
    {
        foreach (var line in _parked.ToList())
            Stir(line.Id);
        _parked.Clear();
    }

    /// <summary>A tenant runs less than it did.</summary>
    public void Free(int tenant)
    {
        if (_tenants.TryGetValue(tenant, out var known) && known.AtLimit && known.Running > 0)
            known.Running = known.Info.Limits.MaxConcurrent!.Value - 1;
    }

    /// <summary>Forgets everything: it is to be read again.</summary>
    public void Forget()
    {
        _unknown.Clear();
        _lines.Clear();
        _tenants.Clear();
        _open.Clear();
        _parked.Clear();
    }

    public void Served(TenantLoad tenant)
    {
        tenant.Running++;
        tenant.LastServed = ++_served;
    }

    /// <summary>Whether a wish may find something.</summary>
    public bool MayServe(LeaseWish wish, Func<Line, LeaseRequest, bool> mayTake) =>
        _open.Any(tenant => !tenant.AtLimit && tenant.OpenLines.Exists(line => mayTake(line, wish.Request)));

    /// <summary>
    /// Which lines to look at for so many jobs, and for how many each: as many as each tenant would get if it had enough, and one more
    /// to know what comes after.
    /// </summary>
    /// <param name="mayTake">Whether any of those who wait may take from a line.</param>
    public List<(Line Line, int Most)> Plan(int wanted, Func<Line, bool> mayTake)
    {
        var order = new PriorityQueue<TenantLoad, (int Running, long LastServed, int Id)>();
        var lines = new Dictionary<TenantLoad, List<Line>>();
        foreach (var tenant in _open)
        {
            if (tenant.AtLimit || tenant.OpenLines.FindAll(line => mayTake(line)) is not { Count: > 0 } own)
                continue;
            lines.Add(tenant, own);
            order.Enqueue(tenant, (tenant.Running, tenant.LastServed, tenant.Id));
        }

        var shares = new Dictionary<TenantLoad, int>();
        var turn = _served;
        while (wanted-- > 0 && order.TryDequeue(out var next, out var place))
        {
            shares[next] = shares.GetValueOrDefault(next) + 1;
            if (!next.Info.Limits.ConcurrencyIsReachedBy(place.Running + 1))
                order.Enqueue(next, (place.Running + 1, ++turn, next.Id));
        }

        var plan = new List<(Line, int)>();
        foreach (var (tenant, share) in shares)
        {
            var own = lines[tenant].OrderBy(line => line.Head is null ? 0 : 1).ThenBy(line => line.Head ?? default, PlaceOrder.Instance).Take(MaxLinesOfTenant);
            plan.AddRange(own.Select(line => (line, share + 1)));
        }

        return plan;
    }
}
