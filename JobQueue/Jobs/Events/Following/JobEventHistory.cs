using System.Threading.Channels;
using JobQueue.Tenants;
using Microsoft.Extensions.Options;

namespace JobQueue.Jobs.Events.Following;

/// <summary>
/// The way to follow what happens in all processes, and the last events of each scope that is followed, so that a follower who was
/// cut off can go on where they were. Costs nothing before the first one follows. Thread-safe.
/// </summary>
/// <remarks>
/// The feed only hands its batches over, since the store waits for it; they are told on from here. Should that fall behind by
/// <see cref="MaxHandedOver"/> events, the followers are told of a gap. So they are of what the windows do not hold any more and
/// the store does not either.
/// </remarks>
internal sealed partial class JobEventHistory : IHostedLifecycleService, IDisposable
{
    /// <summary>About a second's worth under full load.</summary>
    public const int MaxHandedOver = 65_536;

    /// <summary>How long a scope's events are kept that nobody follows any more.</summary>
    internal static readonly TimeSpan KeptAbandoned = TimeSpan.FromMinutes(10);

    private readonly Channel<EventBatch> _handedOver = Channel.CreateUnbounded<EventBatch>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, EventWindow> _tenants = [];
    private readonly IEventSource _source;
    private readonly IDisposable _subscription;
    private readonly long _bytes;
    private readonly TimeProvider _time;
    private readonly ILogger<JobEventHistory> _logger;
    private readonly Task _telling;
    private EventWindow? _all;
    private volatile bool _ended;
    private int _waiting;

    /// <summary>The newest event's number. Others than events get numbers too, so they tell nothing but an order.</summary>
    private long _last;

    /// <summary>The place up to which all was told to the windows, or is known to be missing there; the store's beginning when absent.</summary>
    private EventPosition? _told;

    /// <summary>Guards the three below: the feed asks for nothing else.</summary>
    private readonly Lock _door = new();
    private bool _followed;
    private int _missed;

    /// <summary>The place after the last batch that was not handed over.</summary>
    private EventPosition? _passed;

    public JobEventHistory(
        JobFeed feed, IEventSource source, IOptions<EventsOptions> options, TimeProvider time, ILogger<JobEventHistory> logger)
    {
        (_source, _time, _logger) = (source, time, logger);
        _bytes = options.Value.ResumeMegabytes * 1_048_576L;
        _telling = Task.Run(TellAsync);
        _subscription = feed.SubscribeToAll("The event streams", HandOver);
    }

    /// <summary>Whether everything was told, and nothing more will be.</summary>
    internal bool HasEnded => _ended;

    /// <summary>Follows what matches from now on, or from after the event of the given id.</summary>
    /// <param name="lastId">The last event seen; <see langword="null"/> to begin now. One that is unknown or too old makes a gap.</param>
    public EventFollower Follow(EventFilter filter, string? lastId)
    {
        lock (_lock)
        {
            DropAbandoned();
            var told = Open();
            var window = WindowOf(filter.Tenant, told);
            window.Followers++;
            var seen = lastId is null ? told : _source.Ids.Read(lastId);
            var follower = new EventFollower(this, window, filter) { StartId = _source.Ids.Of(seen) };
            if (lastId is null)
                window.BeginNow(follower, told);
            else
                window.Resume(follower, seen);
            return follower;
        }
    }

    /// <summary>Tells what was committed until now. The pool stops before: nothing runs any more.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _source.WhenToldAsync(cancellationToken);
        _subscription.Dispose();
        _handedOver.Writer.TryComplete();
        await _telling.WaitAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _subscription.Dispose();
        _handedOver.Writer.TryComplete();
    }

    internal ValueTask<EventsRead?> ReadAsync(MissingEvents missing, EventFilter filter, CancellationToken cancellationToken) =>
        missing.After is { } after ? _source.ReadAsync(after, missing.UpTo, filter, cancellationToken) : default;

    internal string? MoveOn(EventFollower follower, EventWindow window)
    {
        lock (_lock)
            return window.MoveOn(follower, _source.KeepsEvents ? Open() : null);
    }

    internal void Remove(EventFollower follower, EventWindow window)
    {
        window.Remove(follower);
        lock (_lock)
        {
            if (--window.Followers == 0)
                window.AbandonedAt = _time.GetTimestamp();
        }
    }

    /// <summary>Lets batches be handed over from now on.</summary>
    /// <returns>The place after all that was told.</returns>
    private EventPosition Open()
    {
        lock (_door)
        {
            _followed = true;
            return _told ??= _passed ?? _source.Begins;
        }
    }

    /// <summary>On the feed's thread.</summary>
    private void HandOver(EventBatch batch)
    {
        lock (_door)
        {
            if (_followed && Interlocked.Add(ref _waiting, batch.Events.Count) <= MaxHandedOver)
            {
                _handedOver.Writer.TryWrite(batch);
                return;
            }

            _passed = batch.Place.After;
            if (!_followed)
                return;
            Interlocked.Add(ref _waiting, -batch.Events.Count);
            _missed += batch.Events.Count;
        }
    }

    private async Task TellAsync()
    {
        await foreach (var batch in _handedOver.Reader.ReadAllAsync())
        {
            try
            {
                Tell(batch);
            }
            catch (Exception exception)
            {
                LogFailed(_logger, exception);
                Lose(batch.Place.After);
            }

            Interlocked.Add(ref _waiting, -batch.Events.Count);
            LoseMissed();
        }

        _ended = true;
        lock (_lock)
            ForEach(static window => window.WakeAll());
    }

    private void Tell(EventBatch batch)
    {
        var place = batch.Place;
        if (batch.FollowsGap)
            Lose(place.Before);
        lock (_lock)
        {
            // What waited behind others when they did is behind a gap that was told.
            if (_told!.Covers(place.After))
                return;
            var index = 0;
            foreach (var happened in batch.Events)
            {
                var at = index++;
                if (!happened.IsAboutJob)
                    continue;
                var number = ++_last;
                if (_tenants.TryGetValue(happened.TenantId, out var window))
                    window.Append(number, place, at, happened);
                _all?.Append(number, place, at, happened);
            }

            _told = place.After;
        }
    }

    private void LoseMissed()
    {
        int missed;
        EventPosition? passed;
        lock (_door)
            (missed, passed, _missed) = (_missed, _passed, 0);
        if (missed == 0)
            return;
        LogBehind(_logger, missed);
        Lose(passed!);
    }

    private void Lose(EventPosition upTo)
    {
        lock (_lock)
        {
            var (number, position) = (++_last, upTo.Join(_told));
            _told = position;
            ForEach(window => window.Lose(number, position));
        }
    }

    private EventWindow WindowOf(TenantId? scope, EventPosition begin)
    {
        var known = scope is { } tenant ? _tenants.GetValueOrDefault(tenant) : _all;
        if (known is not null)
            return known;
        var window = new EventWindow(_source.Ids, _last, begin);
        if (scope is { } one)
            _tenants[one] = window;
        else
            _all = window;
        Share();
        return window;
    }

    private void DropAbandoned()
    {
        var count = _tenants.Count;
        foreach (var (tenant, window) in _tenants)
        {
            if (IsAbandoned(window))
                _tenants.Remove(tenant);
        }

        var all = _all;
        if (all is not null && IsAbandoned(all))
            _all = null;
        if (_tenants.Count != count || _all != all)
            Share();
    }

    private bool IsAbandoned(EventWindow window) => window.Followers == 0 && _time.GetElapsedTime(window.AbandonedAt) >= KeptAbandoned;

    /// <summary>Gives every window the same part of the memory.</summary>
    private void Share()
    {
        var windows = _tenants.Count + (_all is null ? 0 : 1);
        if (windows > 0)
            ForEach(window => window.Limit(_bytes / windows));
    }

    private void ForEach(Action<EventWindow> action)
    {
        foreach (var window in _tenants.Values)
            action(window);
        if (_all is not null)
            action(_all);
    }

    [LoggerMessage(2004, LogLevel.Warning, "Those who follow events were {Missed} events behind the store; they are told that they missed some")]
    private static partial void LogBehind(ILogger logger, int missed);

    [LoggerMessage(2005, LogLevel.Error, "Events could not be told to those who follow; they are told that they missed some")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
