namespace JobQueue.Jobs.Events;

/// <summary>Where a batch stands in the stream of what happens in all processes. Immutable.</summary>
/// <param name="before">What was told before it.</param>
/// <param name="writer">Who committed it.</param>
/// <param name="number">Its number among those of that writer.</param>
/// <param name="count">The events in it.</param>
internal sealed class BatchPlace(EventPosition before, int writer, long number, int count)
{
    public EventPosition Before => before;

    public EventPosition After { get; } = before.After(writer, number);

    /// <summary>Right before the event of that index.</summary>
    public EventPosition PositionBefore(int index) => index == 0 ? before : before.After(writer, number, index);

    /// <summary>Right after the event of that index.</summary>
    public EventPosition PositionAfter(int index) => index == count - 1 ? After : before.After(writer, number, index + 1);

    public bool IsSeenAt(EventPosition position, int index) => position.IsInStreamOf(before) && position.Contains(writer, number, index);
}
