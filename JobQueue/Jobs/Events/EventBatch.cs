namespace JobQueue.Jobs.Events;

/// <summary>What one commit, or several of one process, made happen, as all processes are told. Immutable.</summary>
/// <param name="Place">Of the batch.</param>
/// <param name="Events">In order; a list that nobody changes any more. It may be empty.</param>
internal sealed record EventBatch(BatchPlace Place, IReadOnlyList<JobEvent> Events)
{
    /// <summary>Whether something between the last batch told and this one is not known here.</summary>
    public bool FollowsGap { get; init; }
}
