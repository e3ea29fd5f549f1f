using System.Collections.Immutable;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Dashboard.Live;

/// <summary>
/// Tells open pages what was committed, at most a few times a second, and nothing while nothing changes. One subscription to
/// the feed serves them all: what happens is gathered once per tenant, however many pages are open. Thread-safe.
/// </summary>
internal sealed class LiveRefresh : IDisposable
{
    /// <summary>Between two notices: fast enough to look immediate, slow enough that 200 changes are a few renders.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Jobs named in one notice; a page shows fewer.</summary>
    private const int MaxJobs = 2_000;

    private readonly TimeProvider _time;
    private readonly ILogger<LiveRefresh> _logger;
    private readonly IDisposable _feed;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private Dictionary<TenantId, Gathering> _gathered = [];
    private long _lastNotice;
    private bool _armed;
    private ImmutableArray<LiveSubscription> _subscriptions = [];

    public LiveRefresh(JobFeed feed, TimeProvider time, ILogger<LiveRefresh> logger)
    {
        (_time, _logger) = (time, logger);
        _timer = time.CreateTimer(_ => Notify(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _feed = feed.Subscribe(Gather);
    }

    /// <summary>Calls <paramref name="onChanges"/> after changes in sight until the subscription is disposed; never two calls at once.</summary>
    /// <param name="scope">The one tenant, or <see langword="null"/> for all.</param>
    public IDisposable Subscribe(TenantId? scope, Func<LiveChanges, Task> onChanges)
    {
        var subscription = new LiveSubscription(this, scope, onChanges, _logger);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    public void Dispose()
    {
        _feed.Dispose();
        _timer.Dispose();
    }

    internal void Remove(LiveSubscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, static (all, removed) => all.Remove(removed), subscription);

    /// <summary>On the writer's thread, so it only takes notes.</summary>
    private void Gather(IReadOnlyList<JobEvent> batch)
    {
        if (_subscriptions.IsEmpty)
            return;
        lock (_lock)
        {
            foreach (var happened in batch)
            {
                if (!_gathered.TryGetValue(happened.TenantId, out var gathering))
                    _gathered[happened.TenantId] = gathering = new Gathering();
                gathering.Add(happened);
            }

            if (_armed)
                return;
            _armed = true;
            var since = _time.GetElapsedTime(_lastNotice);
            _timer.Change(since >= Interval ? TimeSpan.Zero : Interval - since, Timeout.InfiniteTimeSpan);
        }
    }

    private void Notify()
    {
        Dictionary<TenantId, Gathering> gathered;
        lock (_lock)
        {
            (gathered, _gathered) = (_gathered, []);
            _lastNotice = _time.GetTimestamp();
            _armed = false;
        }

        var byTenant = gathered.ToDictionary(pair => pair.Key, pair => pair.Value.ToChanges());
        var all = byTenant.Values.Aggregate(LiveChanges.None, static (sum, each) => sum.And(each));
        foreach (var subscription in _subscriptions)
        {
            if (subscription.Scope is not { } tenant)
                subscription.Tell(all);
            else if (byTenant.TryGetValue(tenant, out var changes))
                subscription.Tell(changes);
        }
    }

    private sealed class Gathering
    {
        private readonly HashSet<JobId> _jobs = [];
        private bool _submitted;
        private bool _overflown;

        public void Add(JobEvent happened)
        {
            _submitted |= happened.Kind == JobEventKind.Submitted;
            // A paused queue changes what all its jobs wait for.
            if (happened.Kind is JobEventKind.QueuePaused or JobEventKind.QueueResumed || _jobs.Count >= MaxJobs)
                _overflown = true;
            else
                _jobs.Add(happened.JobId);
        }

        public LiveChanges ToChanges() => new(_jobs, _submitted, _overflown);
    }
}
