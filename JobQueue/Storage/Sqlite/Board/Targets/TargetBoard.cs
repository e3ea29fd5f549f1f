using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Sqlite.Sql;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board.Targets;

/// <summary>
/// The targets of jobs that call one: which are down, how many calls are under way, and which jobs stand aside for them. Written by
/// the store's thread alone; other threads may ask what is down or full.
/// </summary>
/// <param name="calls">How many calls each target is busy with.</param>
/// <param name="runnable">Told of sidings that open and close.</param>
internal sealed class TargetBoard(TargetCalls calls, RunnableLanes runnable)
{
    private readonly ConcurrentDictionary<(int Tenant, string Name), TargetState> _states = new();
    private readonly List<Siding> _changed = [];
    private readonly HashSet<TargetState> _resting = [];
    private readonly Dictionary<string, HashSet<TargetState>> _waitedFor = [];
    private int _lastSiding;

    /// <summary>Whether a pause is over, so that a probe may go.</summary>
    public bool AnyRested(TimeSpan now) => _resting.Any(target => target.Breaker?.IsOpenAt(now) != true);

    public TargetState? Find(TenantId tenant, string name) => _states.GetValueOrDefault((tenant.Value, name));

    /// <summary>The tenant's targets that are down.</summary>
    /// <param name="tenant">Null for every tenant's.</param>
    public IEnumerable<TargetState> Down(TenantId? tenant) => _states.Values
        .Where(target => target.Breaker is { HasOpened: true } && (tenant is not { } only || target.Tenant.Id == only));

    /// <summary>Targets that failed when they were last called, which was long ago, and that no job waits for.</summary>
    /// <param name="opened">For those that are left alone.</param>
    /// <param name="others">For those that have not failed often enough for that.</param>
    public IEnumerable<TargetState> FailedBefore(TimeSpan opened, TimeSpan others) => _states.Values.Where(target =>
        target.Breaker is { } breaker && target.Sidings.Count == 0 && breaker.LastFailedAt < (breaker.HasOpened ? opened : others));

    /// <summary>Whether a process, or a worker of the tenant's own, has as many calls to it under way as it may.</summary>
    public bool IsFull(TenantId tenant, string name) => calls.IsFull(name, tenant);

    public TargetState Of(TenantState tenant, string name) =>
        _states.GetOrAdd((tenant.Id.Value, name), static (_, known) => new TargetState(known.tenant, known.name), (tenant, name));

    /// <summary>Whether the holder may call the target now.</summary>
    public bool MayCall(TenantState tenant, string name, (int Tenant, string Name) holder) =>
        Find(tenant.Id, name)?.TakesCalls != false && calls.HasRoom(name, holder);

    public void Begin(Lease lease, string name)
    {
        var target = Of(lease.Lane.Tenant, name);
        target.Running++;
        if (target.Breaker is { HasOpened: true } && !target.Rests)
            target.Probe ??= lease.Token.Job;
        calls.Begin(name, lease.Holder);
        Update(target);
    }

    public void End(Lease lease, string name)
    {
        var target = Of(lease.Lane.Tenant, name);
        target.Running--;
        if (target.Probe == lease.Token.Job)
            target.Probe = null;
        if (calls.End(name, lease.Holder))
            StirAll(name);
        Update(target);
    }

    /// <param name="breaker">Null when the target answers.</param>
    public void Set(TargetState target, Breaker? breaker, TimeSpan now)
    {
        target.Breaker = breaker;
        if (breaker is null)
            target.Probe = null;
        target.Rests = breaker?.IsOpenAt(now) == true;
        if (target.Rests)
            _resting.Add(target);
        else
            _resting.Remove(target);
        Update(target);
    }

    /// <summary>Lets a probe go to each target whose pause is over.</summary>
    public void EndRests(TimeSpan now)
    {
        foreach (var target in _resting.Where(target => target.Breaker?.IsOpenAt(now) != true).ToList())
            Set(target, target.Breaker, now);
    }

    /// <summary>Where a lane's jobs that wait for a target stand; made if need be.</summary>
    public Siding SidingFor(Lane lane, TargetState target, HotStatements sql)
    {
        if (lane.Sidings.Find(known => known.Target == target) is { } found)
            return found;
        var siding = new Siding(_lastSiding - 1, lane, target, 0);
        sql.InsertSiding.Bind(siding.Id).Bind(lane.Id).Bind(target.Name).Run();
        Add(siding);
        return siding;
    }

    public void Add(Siding siding)
    {
        _lastSiding = Math.Min(_lastSiding, siding.Id);
        siding.Home.Sidings.Add(siding);
        siding.Target.Sidings.Add(siding);
        (CollectionsMarshal.GetValueRefOrAddDefault(_waitedFor, siding.Target.Name, out _) ??= []).Add(siding.Target);
        runnable.Update(siding);
    }

    /// <summary>Marks a siding whose jobs are to be written with this commit.</summary>
    public void Change(Siding siding)
    {
        if (siding.Changed)
            return;
        siding.Changed = true;
        _changed.Add(siding);
    }

    /// <summary>Writes what changed, and forgets the sidings that are empty.</summary>
    public void Write(HotStatements sql)
    {
        foreach (var siding in _changed)
        {
            siding.Write(sql);
            siding.Changed = false;
            siding.Target.Waiting = siding.Target.Sidings.Sum(each => each.Count);
            if (siding.Count > 0)
                continue;
            Remove(siding);
        }

        _changed.Clear();
    }

    private void Remove(Siding siding)
    {
        var target = siding.Target;
        siding.Home.Sidings.Remove(siding);
        target.Sidings.Remove(siding);
        if (target.Sidings.Count == 0 && _waitedFor.TryGetValue(target.Name, out var waited) && waited.Remove(target) && waited.Count == 0)
            _waitedFor.Remove(target.Name);
        Update(target);
    }

    private void Update(TargetState target)
    {
        foreach (var siding in target.Sidings)
            runnable.Update(siding);
        if (target.IsIdle)
            _states.TryRemove((target.Tenant.Id.Value, target.Name), out _);
    }

    /// <summary>A process has room for a call to the target again, whichever tenant's comes first.</summary>
    private void StirAll(string name)
    {
        foreach (var target in _waitedFor.GetValueOrDefault(name) ?? [])
            target.Sidings.ForEach(runnable.Stir);
    }
}
