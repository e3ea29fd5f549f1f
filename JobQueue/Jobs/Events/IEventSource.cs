namespace JobQueue.Jobs.Events;

/// <summary>The store, as what the feed gets its events from.</summary>
internal interface IEventSource
{
    /// <summary>How places in its stream are told to callers. Known once the store has started, as all here is.</summary>
    EventIds Ids { get; }

    /// <summary>Where what it tells the feed begins.</summary>
    EventPosition Begins { get; }

    /// <summary>Whether it keeps events for a while, so that a follower may go on in another process or after a restart.</summary>
    bool KeepsEvents { get; }

    /// <summary>Waits until everything that was committed and answered before has been said to the feed.</summary>
    Task WhenToldAsync(CancellationToken cancellationToken);

    /// <summary>Reads what happened between two places, a part at a time: some of it, or at least some way through it.</summary>
    /// <param name="after">What the follower has seen.</param>
    /// <param name="upTo">A place that was told to the feed.</param>
    /// <returns><see langword="null"/> when some of it is not kept any more.</returns>
    ValueTask<EventsRead?> ReadAsync(EventPosition after, EventPosition upTo, EventFilter filter, CancellationToken cancellationToken);
}
