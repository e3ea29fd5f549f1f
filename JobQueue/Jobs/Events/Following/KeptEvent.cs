namespace JobQueue.Jobs.Events.Following;

/// <summary>An event in a window. Belongs to the window's lock.</summary>
/// <param name="number">Rises with each event that this process was told.</param>
/// <param name="place">Of the batch it came with.</param>
/// <param name="index">In the batch.</param>
internal sealed class KeptEvent(long number, BatchPlace place, int index, JobEvent committed)
{
    /// <summary>What an event takes at least, the names it shares with others not counted.</summary>
    private const int Fixed = 400;

    private string? _id;

    public long Number => number;

    public BatchPlace Place => place;

    public EventPosition PositionBefore => place.PositionBefore(index);

    public EventPosition Position => place.PositionAfter(index);

    /// <summary><see langword="null"/> once it was given up because newer progress of the same job says more.</summary>
    public JobEvent? Event { get; private set; } = committed;

    /// <summary>About what it takes of the memory.</summary>
    public int Bytes { get; } = Fixed + (2 * TextOf(committed));

    /// <summary>Made once, however many follow.</summary>
    public string IdFrom(EventIds ids) => _id ??= ids.Of(Position);

    public bool IsSeenAt(EventPosition position) => place.IsSeenAt(position, index);

    public void GiveUp() => Event = null;

    private static int TextOf(JobEvent committed) =>
        (committed.Error?.Message.Length ?? 0) + (committed.Error?.Type?.Length ?? 0) + (committed.Progress?.Message?.Length ?? 0)
        + (committed.Worker?.Length ?? 0) + (committed.Actor?.Length ?? 0);
}
