using System.Threading.Channels;

namespace JobQueue.Jobs.Events;

/// <summary>
/// One follower's bounded buffer. Read by one reader; dispose it to stop following.
/// </summary>
/// <remarks>
/// The news of a gap stands in the buffer at its place, and the buffer is emptied and taken whole under one lock. So a reader
/// is told of a gap before anything from behind it, wherever they are cut off.
/// </remarks>
public sealed class EventFollower : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly JobEventHistory _history;
    private readonly EventFilter _filter;
    private List<(long Number, JobEvent? Event)> _waiting = [];
    private long _bytes;

    internal EventFollower(JobEventHistory history, EventFilter filter, long start)
    {
        (_history, _filter) = (history, filter);
        StartId = history.IdOf(start);
    }

    /// <summary>Where following began: who is cut off before the first event resumes from here.</summary>
    public string StartId { get; }

    /// <summary>Waits until there is something, and takes all of it.</summary>
    public async ValueTask<IReadOnlyList<FollowedEvent>> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Take() is { Count: > 0 } taken)
                return taken.ConvertAll(each => new FollowedEvent(_history.IdOf(each.Number), each.Event));
            await _signal.Reader.ReadAsync(cancellationToken);
        }
    }

    public void Dispose() => _history.Remove(this);

    internal void Offer(long number, JobEvent each)
    {
        if (!_filter.Matches(each))
            return;
        lock (_lock)
        {
            if (_waiting.Count >= JobEventHistory.Kept || _bytes >= JobEventHistory.KeptBytes)
            {
                // Too slow: what waits is stale anyway, so it begins anew from here and knows it.
                Clear();
                _waiting.Add((number - 1, null));
            }

            _waiting.Add((number, each));
            _bytes += each.Bytes;
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Says that something before the events to come was missed.</summary>
    internal void AddGap(long number)
    {
        lock (_lock)
        {
            Clear();
            _waiting.Add((number, null));
        }

        _signal.Writer.TryWrite(true);
    }

    private void Clear()
    {
        _waiting.Clear();
        _bytes = 0;
    }

    private List<(long Number, JobEvent? Event)> Take()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
                return [];
            var taken = _waiting;
            (_waiting, _bytes) = ([], 0);
            return taken;
        }
    }
}
