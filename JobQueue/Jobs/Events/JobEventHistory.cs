using System.Threading.Channels;
using JobQueue.Tenants;
using Microsoft.Extensions.Options;

namespace JobQueue.Jobs.Events;

/// <summary>
/// The way to follow what is committed, and the last events of each scope that is followed, so that a follower who was cut off
/// can go on where they were. Costs nothing while nobody follows. Thread-safe.
/// </summary>
/// <remarks>
/// The feed only hands its batches over, since the store waits for it; they are told on from here. Should that fall behind by
/// <see cref="MaxHandedOver"/> events, the followers are told of a gap.
/// </remarks>
public sealed partial class JobEventHistory : IHostedLifecycleService, IDisposable
{
    /// <summary>About a second's worth under full load.</summary>
    public const int MaxHandedOver = 65_536;

    /// <summary>How long a scope's events are kept that nobody follows any more.</summary>
    internal static readonly TimeSpan KeptAbandoned = TimeSpan.FromMinutes(10);

    private readonly Channel<IReadOnlyList<JobEvent>> _handedOver = Channel.CreateUnbounded<IReadOnlyList<JobEvent>>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, EventWindow> _tenants = [];
    private readonly EventIds _ids = new();
    private readonly IEventSource _source;
    private readonly IDisposable _subscription;
    private readonly long _bytes;
    private readonly TimeProvider _time;
    private readonly ILogger<JobEventHistory> _logger;
    private readonly Task _telling;
    private EventWindow? _all;
    private volatile bool _followed;
    private volatile bool _ended;
    private int _waiting;
    private int _missed;

    /// <summary>The newest event's number. Others than events get numbers too, so they tell nothing but an order.</summary>
    private long _last;

    public JobEventHistory(
        JobFeed feed, IEventSource source, IOptions<EventsOptions> options, TimeProvider time, ILogger<JobEventHistory> logger)
    {
        (_source, _time, _logger) = (source, time, logger);
        _bytes = options.Value.ResumeMegabytes * 1_048_576L;
        _telling = Task.Run(TellAsync);
        _subscription = feed.Subscribe("The event streams", HandOver);
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
            var window = WindowOf(filter.Tenant);
            window.Followers++;
            var place = window.PlaceOf(lastId is null ? null : _ids.TryRead(lastId, out var seen) ? seen : 0);
            return new EventFollower(this, window, filter, place, _ids.Of(place));
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
        _ids.Dispose();
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

    /// <summary>On the feed's thread.</summary>
    private void HandOver(IReadOnlyList<JobEvent> batch)
    {
        if (!_followed)
            return;
        if (Interlocked.Add(ref _waiting, batch.Count) <= MaxHandedOver)
        {
            _handedOver.Writer.TryWrite(batch);
            return;
        }

        Interlocked.Add(ref _waiting, -batch.Count);
        Interlocked.Add(ref _missed, batch.Count);
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
                Interlocked.Add(ref _missed, batch.Count);
            }

            Interlocked.Add(ref _waiting, -batch.Count);
            if (Interlocked.Exchange(ref _missed, 0) is > 0 and var missed)
                Lose(missed);
        }

        _ended = true;
        lock (_lock)
            ForEach(static (window, _) => window.WakeAll(), 0L);
    }

    private void Tell(IReadOnlyList<JobEvent> batch)
    {
        lock (_lock)
        {
            foreach (var committed in batch)
            {
                if (!committed.IsAboutJob)
                    continue;
                var number = ++_last;
                if (_tenants.TryGetValue(committed.TenantId, out var window))
                    window.Append(number, committed);
                _all?.Append(number, committed);
            }
        }
    }

    private void Lose(int missed)
    {
        LogBehind(_logger, missed);
        lock (_lock)
            ForEach(static (window, number) => window.Lose(number), ++_last);
    }

    private EventWindow WindowOf(TenantId? scope)
    {
        var known = scope is { } tenant ? _tenants.GetValueOrDefault(tenant) : _all;
        if (known is not null)
            return known;
        // A number of its own: nobody's id from before may stand for having seen what happened until now.
        var window = new EventWindow(_ids, ++_last);
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
        _followed = windows > 0;
        if (windows > 0)
            ForEach(static (window, bytes) => window.Limit(bytes), _bytes / windows);
    }

    private void ForEach(Action<EventWindow, long> action, long value)
    {
        foreach (var window in _tenants.Values)
            action(window, value);
        if (_all is not null)
            action(_all, value);
    }

    [LoggerMessage(2004, LogLevel.Warning, "Those who follow events were {Missed} events behind the store; they are told that they missed some")]
    private static partial void LogBehind(ILogger logger, int missed);

    [LoggerMessage(2005, LogLevel.Error, "Events could not be told to those who follow; they are told that they missed some")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
