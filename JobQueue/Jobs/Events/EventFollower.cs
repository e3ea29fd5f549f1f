using System.Threading.Channels;

namespace JobQueue.Jobs.Events;

/// <summary>One who follows. Read by one reader; dispose it to stop following.</summary>
/// <remarks>
/// The news of a gap is taken together with the move over it, under one lock. So a reader is told of a gap before they get
/// anything from behind it, wherever they are cut off.
/// </remarks>
public sealed class EventFollower : IDisposable
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly JobEventHistory _history;
    private readonly EventWindow _window;

    internal EventFollower(JobEventHistory history, EventWindow window, EventFilter filter, long place, string startId) =>
        (_history, _window, Filter, Place, StartId) = (history, window, filter, place, startId);

    /// <summary>Where following began: who is cut off before their first event resumes from here.</summary>
    public string StartId { get; }

    internal EventFilter Filter { get; }

    /// <summary>The number of the last event looked at. Belongs to the window's lock, as <see cref="Waits"/> does.</summary>
    internal long Place { get; set; }

    internal bool Waits { get; set; }

    /// <summary>Waits until there is something, and takes of it; nothing once all was told and the server stops.</summary>
    public async ValueTask<IReadOnlyList<FollowedEvent>> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Asked before: what was told until then is taken now.
            var ended = _history.HasEnded;
            if (_window.Take(this) is { Count: > 0 } taken)
                return taken;
            if (ended)
                return [];
            await _signal.Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>The id to resume from, when events of others have passed since the last one taken; else <see langword="null"/>.</summary>
    public string? MoveOn() => _window.MoveOn(this);

    public void Dispose() => _history.Remove(this, _window);

    /// <summary>Called by the window, under its lock, for one who waits: nothing before that number was for them.</summary>
    internal void Wake(long number)
    {
        (Waits, Place) = (false, number - 1);
        _signal.Writer.TryWrite(true);
    }
}
