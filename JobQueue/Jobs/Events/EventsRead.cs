namespace JobQueue.Jobs.Events;

/// <summary>What was read for a follower of what lies behind them.</summary>
/// <param name="Events">Those that are for them, in order, each with the place of one who has seen it.</param>
/// <param name="Reached">How far was read.</param>
internal sealed record EventsRead(IReadOnlyList<(EventPosition Position, JobEvent Event)> Events, EventPosition Reached);
