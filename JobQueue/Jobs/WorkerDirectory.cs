using System.Collections.Concurrent;
using JobQueue.Tenants;

namespace JobQueue.Jobs;

/// <summary>A worker this server has heard of.</summary>
/// <param name="Tenant">Whose jobs it takes; <see langword="null"/> for every tenant's.</param>
/// <param name="InProcess">Whether it is this process's own pool.</param>
/// <param name="Queues"><see langword="null"/> for all.</param>
/// <param name="Types"><see langword="null"/> for all.</param>
/// <param name="Slots">Jobs it takes at once, as far as it said.</param>
/// <param name="LastHeard">Its last call.</param>
/// <param name="Waiting">Whether it is waiting for a job at this moment.</param>
public sealed record KnownWorker(
    TenantId? Tenant,
    string Name,
    bool InProcess,
    IReadOnlySet<string>? Queues,
    IReadOnlySet<string>? Types,
    int Slots,
    DateTimeOffset LastHeard,
    bool Waiting)
{
    public bool Takes(TenantId tenant, string queue, string type) =>
        (Tenant is not { } own || own == tenant) && (Queues?.Contains(queue) ?? true) && (Types?.Contains(type) ?? true);
}

/// <summary>
/// Who works here: this process's pool, and remote workers by their calls. Kept in memory; a worker that is gone is forgotten
/// after a day. Thread-safe.
/// </summary>
public sealed class WorkerDirectory(TimeProvider time)
{
    /// <summary>How long after its last call a remote worker counts as present.</summary>
    public static readonly TimeSpan PresentFor = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(1);
    private const int MaxKnown = 10_000;

    private readonly ConcurrentDictionary<(TenantId? Tenant, string Name), KnownWorker> _workers = new();

    /// <summary>Notes this process's pool.</summary>
    public void Register(string name, IReadOnlySet<string> types, int slots) =>
        _workers[(null, name)] = new KnownWorker(null, name, true, null, types, slots, time.GetUtcNow(), false);

    /// <summary>Notes that a remote worker asks for jobs, until the returned wait is disposed.</summary>
    public IDisposable Asking(TenantId? tenant, string name, IReadOnlySet<string>? queues, IReadOnlySet<string>? types, int slots)
    {
        if (_workers.Count >= MaxKnown)
            Forget();
        var worker = new KnownWorker(tenant, name, false, queues, types, slots, time.GetUtcNow(), true);
        _workers[(tenant, name)] = worker;
        return new Wait(this, worker);
    }

    /// <summary>Notes a call of a remote worker about a job that it holds.</summary>
    public void Heard(TenantId? tenant, string name)
    {
        if (_workers.TryGetValue((tenant, name), out var worker))
            _workers.TryUpdate((tenant, name), worker with { LastHeard = time.GetUtcNow() }, worker);
    }

    public IReadOnlyList<KnownWorker> All() => [.. _workers.Values];

    /// <summary>This process's pool, and remote workers heard of within <see cref="PresentFor"/> or waiting now.</summary>
    public IEnumerable<KnownWorker> Present()
    {
        var since = time.GetUtcNow() - PresentFor;
        return _workers.Values.Where(worker => worker.InProcess || worker.Waiting || worker.LastHeard >= since);
    }

    private void Forget()
    {
        var since = time.GetUtcNow() - KnownFor;
        foreach (var (key, worker) in _workers)
        {
            if (!worker.InProcess && !worker.Waiting && worker.LastHeard < since)
                _workers.TryRemove(key, out _);
        }
    }

    private sealed class Wait(WorkerDirectory directory, KnownWorker worker) : IDisposable
    {
        public void Dispose()
        {
            var key = (worker.Tenant, worker.Name);
            // Another call of the same name may have replaced the entry: its wait is its own.
            directory._workers.TryUpdate(key, worker with { Waiting = false, LastHeard = directory.NowUtc() }, worker);
        }
    }

    private DateTimeOffset NowUtc() => time.GetUtcNow();
}
