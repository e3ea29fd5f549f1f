namespace JobQueue.Jobs.Events.Following;

/// <summary>What a window does not hold of what comes next for a follower.</summary>
/// <param name="After">What they have seen; <see langword="null"/> when nobody can tell.</param>
/// <param name="UpTo">Where the window begins.</param>
/// <param name="Number">The number of the newest event that is missing.</param>
internal sealed record MissingEvents(EventPosition? After, EventPosition UpTo, long Number);
