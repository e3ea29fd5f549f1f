namespace JobQueue.Jobs.Events;

/// <summary>What one commit, or several of one process, made happen, as all processes are told. Immutable.</summary>
/// <param name="Place">Of the batch.</param>
/// <param name="Events">In order; a list that nobody changes any more. It may be empty.</param>
internal sealed record EventBatch(BatchPlace Place, IReadOnlyList<JobEvent> Events)
{
    /// <summary>No event, and the news that up to a place something is not known here.</summary>
    public static EventBatch AfterGap(EventPosition position)
    {
        var (writer, batches) = position.Writers.FirstOrDefault();
        return new EventBatch(new BatchPlace(position, writer, batches, 0), []) { FollowsGap = true };
    }

    /// <summary>Whether something between the last batch told and this one is not known here.</summary>
    public bool FollowsGap { get; init; }
}
