using System.Threading.Channels;

namespace JobQueue.Jobs.Events.Following;

/// <summary>One who follows. Read by one reader; dispose it to stop following.</summary>
/// <remarks>
/// The news of a gap is taken together with the move over it, under one lock. So a reader is told of a gap before they get
/// anything from behind it, wherever they are cut off.
/// </remarks>
internal sealed class EventFollower : IDisposable
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly JobEventHistory _history;
    private readonly EventWindow _window;

    internal EventFollower(JobEventHistory history, EventWindow window, EventFilter filter) =>
        (_history, _window, Filter) = (history, window, filter);

    /// <summary>Where following began: who is cut off before their first event resumes from here.</summary>
    public required string StartId { get; init; }

    internal EventFilter Filter { get; }

    /// <summary>The number of the last event looked at. Belongs to the window's lock, as the next three do.</summary>
    internal long Place { get; set; }

    /// <summary>A place up to which all that is for them was taken; <see langword="null"/> when nobody can tell what they have seen.</summary>
    internal EventPosition? Position { get; set; }

    /// <summary>What they have seen that may still come in the window, since other processes tell in another order.</summary>
    internal EventPosition? Ahead { get; set; }

    internal bool Waits { get; set; }

    /// <summary>Waits until there is something, and takes of it; nothing once all was told and the server stops.</summary>
    public async ValueTask<IReadOnlyList<FollowedEvent>> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Asked before: what was told until then is taken now.
            var ended = _history.HasEnded;
            var taken = _window.Take(this, out var missing);
            if (missing is not null)
                taken = _window.Take(this, missing, await _history.ReadAsync(missing, Filter, cancellationToken));
            if (taken.Count > 0)
                return taken;
            if (missing is not null)
                continue;
            if (ended)
                return [];
            await _signal.Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>The id to resume from, when events of others have passed since the last one taken; else <see langword="null"/>.</summary>
    public string? MoveOn() => _history.MoveOn(this, _window);

    public void Dispose() => _history.Remove(this, _window);

    /// <summary>Called by the window, under its lock, for one who waits: nothing before that number was for them.</summary>
    /// <param name="position">Where that event comes next, if there is one.</param>
    internal void Wake(long number, EventPosition? position)
    {
        (Waits, Place, Position) = (false, number - 1, position ?? Position);
        _signal.Writer.TryWrite(true);
    }
}
