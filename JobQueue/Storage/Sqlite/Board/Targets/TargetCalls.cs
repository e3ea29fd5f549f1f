using System.Collections.Concurrent;
using JobQueue.Jobs.Targets;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board.Targets;

/// <summary>
/// How many calls to one target each holder of leases has under way: the pool of a process, a worker elsewhere. Written by the
/// store's thread alone; other threads may ask <see cref="IsFull"/>.
/// </summary>
internal sealed class TargetCalls
{
    private readonly Dictionary<(string Target, (int Tenant, string Name) Holder), int> _calls = [];

    /// <summary>Holders that have no room, by the tenant whose jobs alone they take, which is 0 for a process.</summary>
    private readonly ConcurrentDictionary<(string Target, int Tenant), int> _full = new();

    public bool HasRoom(string target, (int Tenant, string Name) holder) => _calls.GetValueOrDefault((target, holder)) < JobTarget.MaxCallsAtOnce;

    /// <summary>Whether a process, or a worker of the tenant's own, has as many calls to it under way as it may.</summary>
    public bool IsFull(string target, TenantId tenant) => _full.ContainsKey((target, 0)) || _full.ContainsKey((target, tenant.Value));

    public void Begin(string target, (int Tenant, string Name) holder)
    {
        var calls = _calls.GetValueOrDefault((target, holder)) + 1;
        _calls[(target, holder)] = calls;
        if (calls == JobTarget.MaxCallsAtOnce)
            _full.AddOrUpdate((target, holder.Tenant), 1, static (_, holders) => holders + 1);
    }

    /// <returns>Whether the holder had no room for another and has now.</returns>
    public bool End(string target, (int Tenant, string Name) holder)
    {
        var calls = _calls.GetValueOrDefault((target, holder)) - 1;
        if (calls == 0)
            _calls.Remove((target, holder));
        else
            _calls[(target, holder)] = calls;
        if (calls != JobTarget.MaxCallsAtOnce - 1)
            return false;
        var holders = _full.AddOrUpdate((target, holder.Tenant), 0, static (_, holders) => holders - 1);
        if (holders == 0)
            _full.TryRemove((target, holder.Tenant), out _);
        return true;
    }
}
