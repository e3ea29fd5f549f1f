using System.Collections.Concurrent;
using JobQueue.Jobs.Targets;

namespace JobQueue.Storage.Sqlite.Board.Targets;

/// <summary>
/// How many calls to one target each holder of leases has under way: the pool of this process, a worker elsewhere. Written by the
/// store's thread alone; other threads may ask <see cref="IsFull"/>.
/// </summary>
internal sealed class TargetCalls
{
    private readonly Dictionary<(string Target, (int Tenant, string Worker) Holder), int> _calls = [];
    private readonly ConcurrentDictionary<string, int> _full = new(StringComparer.Ordinal);

    public bool HasRoom(string target, (int Tenant, string Worker) holder) => _calls.GetValueOrDefault((target, holder)) < JobTarget.MaxCallsAtOnce;

    /// <summary>Whether a holder has as many calls to it under way as it may.</summary>
    public bool IsFull(string target) => _full.ContainsKey(target);

    public void Begin(string target, (int Tenant, string Worker) holder)
    {
        var calls = _calls.GetValueOrDefault((target, holder)) + 1;
        _calls[(target, holder)] = calls;
        if (calls == JobTarget.MaxCallsAtOnce)
            _full.AddOrUpdate(target, 1, static (_, holders) => holders + 1);
    }

    /// <returns>Whether the holder had no room for another and has now.</returns>
    public bool End(string target, (int Tenant, string Worker) holder)
    {
        var calls = _calls.GetValueOrDefault((target, holder)) - 1;
        if (calls == 0)
            _calls.Remove((target, holder));
        else
            _calls[(target, holder)] = calls;
        if (calls != JobTarget.MaxCallsAtOnce - 1)
            return false;
        var holders = _full.AddOrUpdate(target, 0, static (_, holders) => holders - 1);
        if (holders == 0)
            _full.TryRemove(target, out _);
        return true;
    }
}
