using System.Collections.Concurrent;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Leases;

/// <summary>
/// Whom this process knows: its own pool, and remote workers by their calls to it. Kept in memory; a worker that is gone is
/// forgotten after a day. Thread-safe.
/// </summary>
/// <remarks>One worker may ask in several ways, say once for each type it knows: it is listed once for each.</remarks>
public sealed class WorkerDirectory(TimeProvider time) : IWorkers
{
    /// <summary>How long after its last call a remote worker counts as present.</summary>
    public static readonly TimeSpan PresentFor = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(1);
    private const int MaxKnown = 10_000;

    private readonly ConcurrentDictionary<Key, Entry> _workers = new();
    private volatile KnownWorker? _pool;

    /// <summary>Notes this process's pool.</summary>
    public void Register(WorkerIdentity pool, IReadOnlySet<string> types, int slots) =>
        _pool = new KnownWorker(null, pool.Name, pool.Process, null, types, slots, time.GetUtcNow(), false);

    /// <summary>Notes that a remote worker asks for jobs, until the returned wait is disposed.</summary>
    public IDisposable Asking(TenantId? tenant, string name, IReadOnlySet<string>? queues, IReadOnlySet<string>? types, int slots)
    {
        if (_workers.Count >= MaxKnown)
            Forget();
        var entry = _workers.GetOrAdd(new Key(tenant, name), static _ => new Entry());
        return entry.Begin(new KnownWorker(tenant, name, null, queues, types, slots, time.GetUtcNow(), true), time);
    }

    /// <summary>Notes a call of a remote worker about a job that it holds.</summary>
    public void Heard(HeldJobInfo held)
    {
        var now = time.GetUtcNow();
        if (_workers.TryGetValue(new Key(held.Tenant, held.Worker), out var own))
            own.Heard(held, now);
        if (_workers.TryGetValue(new Key(null, held.Worker), out var everyones))
            everyones.Heard(held, now);
    }

    /// <summary>Every worker heard of within a day.</summary>
    public IReadOnlyList<KnownWorker> All()
    {
        var remote = _workers.Values.SelectMany(entry => entry.Snapshot());
        return [.. _pool is { } pool ? remote.Prepend(pool) : remote];
    }

    /// <summary>This process's pool, and remote workers heard of within <see cref="PresentFor"/> or waiting now.</summary>
    public IEnumerable<KnownWorker> Present()
    {
        var since = time.GetUtcNow() - PresentFor;
        return All().Where(worker => worker.IsPresentSince(since));
    }

    ValueTask<IReadOnlyList<KnownWorker>> IWorkers.PresentAsync(CancellationToken cancellationToken) => new([.. Present()]);

    ValueTask<IReadOnlyList<KnownWorker>> IWorkers.AllAsync(CancellationToken cancellationToken) => new(All());

    /// <summary>Makes room: first by forgetting who was not heard of for long, then who is not present.</summary>
    private void Forget()
    {
        foreach (var silentFor in (ReadOnlySpan<TimeSpan>)[KnownFor, PresentFor])
        {
            var since = time.GetUtcNow() - silentFor;
            foreach (var (key, entry) in _workers)
            {
                if (entry.IsGoneSince(since))
                    _workers.TryRemove(key, out _);
            }

            if (_workers.Count < MaxKnown)
                return;
        }
    }

    private readonly record struct Key(TenantId? Tenant, string Name);

    /// <summary>One worker's calls: it may ask in several ways, and wait in several calls at once.</summary>
    private sealed class Entry
    {
        private const int MaxWays = 100;

        private readonly Lock _lock = new();
        private readonly List<Way> _ways = [];

        public List<KnownWorker> Snapshot()
        {
            lock (_lock)
                return _ways.ConvertAll(way => way.Worker with { Waiting = way.Waits > 0 });
        }

        public bool IsGoneSince(DateTimeOffset since)
        {
            lock (_lock)
                return _ways.TrueForAll(way => way.Waits == 0 && way.Worker.LastHeard < since);
        }

        public Wait Begin(KnownWorker worker, TimeProvider time)
        {
            lock (_lock)
            {
                var way = _ways.Find(way => way.Worker.AsksAs(worker));
                if (way is null)
                {
                    if (_ways.Count >= MaxWays)
                        _ways.RemoveAt(_ways.FindIndex(each => each.Waits == 0) is >= 0 and var idle ? idle : 0);
                    _ways.Add(way = new Way(worker));
                }

                way.Worker = worker;
                way.Waits++;
                return new Wait(this, way, time);
            }
        }

        public void End(Way way, DateTimeOffset now)
        {
            lock (_lock)
            {
                way.Waits--;
                way.Worker = way.Worker with { LastHeard = now };
            }
        }

        /// <summary>What it once asked for in another way may be over: that way is not refreshed.</summary>
        public void Heard(HeldJobInfo held, DateTimeOffset now)
        {
            lock (_lock)
            {
                foreach (var way in _ways.Where(way => way.Worker.Takes(held.Tenant, held.Queue, held.Type)))
                    way.Worker = way.Worker with { LastHeard = now };
            }
        }
    }

    /// <summary>The same queues and types asked for.</summary>
    private sealed class Way(KnownWorker worker)
    {
        public KnownWorker Worker { get; set; } = worker;

        public int Waits { get; set; }
    }

    private sealed class Wait(Entry entry, Way way, TimeProvider time) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                entry.End(way, time.GetUtcNow());
        }
    }
}
