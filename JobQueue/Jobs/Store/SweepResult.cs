namespace JobQueue.Jobs.Store;

/// <param name="Deleted">Jobs deleted.</param>
/// <param name="More">Whether a part of the walk is still to come: call again.</param>
public sealed record SweepResult(int Deleted, bool More);
