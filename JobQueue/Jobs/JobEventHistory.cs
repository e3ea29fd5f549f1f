using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using JobQueue.Tenants;

namespace JobQueue.Jobs;

/// <summary>An event with its place in this process's sequence.</summary>
public readonly record struct NumberedEvent(long Number, JobEvent Event);

/// <summary>Which events a follower wants. All conditions must hold.</summary>
/// <param name="Tenant"><see langword="null"/> for every tenant.</param>
public sealed record EventFilter(TenantId? Tenant, JobId? JobId = null, string? Queue = null)
{
    internal bool Matches(JobEvent each) =>
        (Tenant is not { } tenant || each.TenantId == tenant)
        && (JobId is not { } job || each.JobId == job)
        && (Queue is null || each.Queue == Queue);
}

/// <summary>
/// The last events of this process, so that a follower who was cut off can go on where he was, and the way to follow. What a
/// follower does not fetch in time costs his own bounded buffer only: it is emptied, and he is told that there is a gap.
/// Thread-safe.
/// </summary>
public sealed class JobEventHistory : IDisposable
{
    /// <summary>Events kept for those who come back.</summary>
    public const int Kept = 16_384;

    private readonly JobEvent?[] _ring = new JobEvent?[Kept];
    private readonly List<EventFollower> _followers = [];
    private readonly Lock _lock = new();
    private readonly IDisposable _subscription;
    private readonly string _process = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private long _next;

    public JobEventHistory(JobFeed feed) => _subscription = feed.Subscribe(Append);

    /// <summary>An event's opaque id: good for this process alone, since the numbers begin anew in the next.</summary>
    public string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{_process}-{number}");

    /// <summary>Follows what matches from now on, or from after the event of the given id.</summary>
    /// <param name="lastId">The last event seen; <see langword="null"/> to begin now. One that is unknown or too old makes a gap.</param>
    public EventFollower Follow(EventFilter filter, string? lastId)
    {
        lock (_lock)
        {
            var follower = new EventFollower(this, filter);
            if (lastId is not null)
                Resume(follower, lastId);
            _followers.Add(follower);
            return follower;
        }
    }

    public void Dispose() => _subscription.Dispose();

    internal void Remove(EventFollower follower)
    {
        lock (_lock)
            _followers.Remove(follower);
    }

    private void Resume(EventFollower follower, string lastId)
    {
        if (!TryParse(lastId, out var last) || last >= _next || last < _next - Kept - 1)
        {
            follower.MarkGap();
            return;
        }

        for (var number = last + 1; number < _next; number++)
            follower.Offer(new NumberedEvent(number, _ring[number % Kept]!));
    }

    private bool TryParse(string id, out long number)
    {
        number = 0;
        return id.StartsWith(_process, StringComparison.Ordinal)
            && id.Length > _process.Length + 1
            && id[_process.Length] == '-'
            && long.TryParse(id.AsSpan(_process.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private void Append(IReadOnlyList<JobEvent> batch)
    {
        lock (_lock)
        {
            foreach (var each in batch)
            {
                _ring[_next % Kept] = each;
                var numbered = new NumberedEvent(_next++, each);
                foreach (var follower in _followers)
                    follower.Offer(numbered);
            }
        }
    }
}

/// <summary>One follower's bounded buffer. Read by one reader; dispose it to stop following.</summary>
public sealed class EventFollower : IDisposable
{
    private readonly Channel<NumberedEvent> _buffer = Channel.CreateBounded<NumberedEvent>(
        new BoundedChannelOptions(JobEventHistory.Kept));

    private readonly JobEventHistory _history;
    private readonly EventFilter _filter;
    private int _gap;

    internal EventFollower(JobEventHistory history, EventFilter filter) => (_history, _filter) = (history, filter);

    public ChannelReader<NumberedEvent> Events => _buffer.Reader;

    /// <summary>Whether events were missed since this was last asked.</summary>
    public bool TakeGap() => Interlocked.Exchange(ref _gap, 0) == 1;

    public void Dispose()
    {
        _history.Remove(this);
        _buffer.Writer.TryComplete();
    }

    internal void MarkGap() => Volatile.Write(ref _gap, 1);

    internal void Offer(NumberedEvent numbered)
    {
        if (!_filter.Matches(numbered.Event) || _buffer.Writer.TryWrite(numbered))
            return;
        // Too slow: what waits is stale anyway, so it begins anew from here and knows it.
        while (_buffer.Reader.TryRead(out _))
        {
        }

        MarkGap();
        _buffer.Writer.TryWrite(numbered);
    }
}
