using JobQueue.Jobs.Events;
using JobQueue.Tenants;

namespace JobQueue.Dashboard.Live;

/// <summary>
/// Tells open pages what happened in whichever process, at most a few times a second, and nothing while nothing changes. One subscription to
/// the feed serves them all: what happens is noted once for each scope that a page looks at, however many pages those are, and
/// not at all for the others. Thread-safe.
/// </summary>
internal sealed class LiveRefresh : IDisposable
{
    /// <summary>Between two notices: fast enough to look immediate, slow enough that 200 changes are a few renders.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly ILogger<LiveRefresh> _logger;
    private readonly IDisposable _feed;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, LiveGathering> _tenants = [];
    private readonly LiveGathering _all = new();
    private long _lastNotice;
    private bool _armed;

    public LiveRefresh(JobFeed feed, TimeProvider time, ILogger<LiveRefresh> logger)
    {
        (_time, _logger) = (time, logger);
        _timer = time.CreateTimer(_ => Notify(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _feed = feed.SubscribeToAll("The open pages", Gather);
    }

    /// <summary>Calls <paramref name="onChanges"/> after changes in sight until the subscription is disposed; never two calls at once.</summary>
    /// <param name="scope">The one tenant, or <see langword="null"/> for all.</param>
    public LiveSubscription Subscribe(TenantId? scope, Func<LiveChanges, Task> onChanges)
    {
        var subscription = new LiveSubscription(this, scope, onChanges, _logger);
        lock (_lock)
        {
            var gathering = _all;
            if (scope is { } tenant && !_tenants.TryGetValue(tenant, out gathering))
                _tenants[tenant] = gathering = new LiveGathering();
            gathering.Subscriptions.Add(subscription);
        }

        return subscription;
    }

    public void Dispose()
    {
        _feed.Dispose();
        _timer.Dispose();
    }

    internal void Remove(LiveSubscription subscription)
    {
        lock (_lock)
        {
            if (subscription.Scope is not { } tenant)
                _all.Subscriptions.Remove(subscription);
            else if (_tenants.TryGetValue(tenant, out var gathering) && gathering.Subscriptions.Remove(subscription) && gathering.Subscriptions.Count == 0)
                _tenants.Remove(tenant);
        }
    }

    /// <summary>On the feed's thread, which holds up log and store, so it only takes notes.</summary>
    private void Gather(EventBatch batch)
    {
        lock (_lock)
        {
            var all = _all.Subscriptions.Count > 0;
            if (!all && _tenants.Count == 0)
                return;
            var noted = all;
            foreach (var happened in batch.Events)
            {
                if (all)
                    _all.Add(happened);
                if (!_tenants.TryGetValue(happened.TenantId, out var gathering))
                    continue;
                gathering.Add(happened);
                noted = true;
            }

            if (_armed || !noted)
                return;
            _armed = true;
            var since = _time.GetElapsedTime(_lastNotice);
            _timer.Change(since >= Interval ? TimeSpan.Zero : Interval - since, Timeout.InfiniteTimeSpan);
        }
    }

    private void Notify()
    {
        List<(LiveSubscription Page, LiveChanges Changes)> notices = [];
        lock (_lock)
        {
            _lastNotice = _time.GetTimestamp();
            _armed = false;
            Take(_all);
            foreach (var gathering in _tenants.Values)
                Take(gathering);
        }

        // A slow page puts together what it missed: not while the feed waits for the lock.
        foreach (var (page, changes) in notices)
            page.Tell(changes);

        void Take(LiveGathering gathering)
        {
            if (gathering.IsEmpty)
                return;
            var changes = gathering.Take();
            notices.AddRange(gathering.Subscriptions.Select(page => (page, changes)));
        }
    }
}
