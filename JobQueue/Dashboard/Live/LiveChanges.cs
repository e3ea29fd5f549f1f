using JobQueue.Jobs.Model;

namespace JobQueue.Dashboard.Live;

/// <summary>What happened since a page was last told. Immutable.</summary>
/// <param name="Jobs">The jobs it happened to; bounded, see <see cref="Overflown"/>.</param>
/// <param name="Submitted">Whether new jobs are among them.</param>
/// <param name="Overflown">More jobs changed than are named: anything may have changed.</param>
internal sealed record LiveChanges(IReadOnlySet<JobId> Jobs, bool Submitted, bool Overflown)
{
    public static LiveChanges None { get; } = new(new HashSet<JobId>(), false, false);

    public bool Touches(JobId id) => Overflown || Jobs.Contains(id);

    public LiveChanges And(LiveChanges later) => new(
        Jobs.Concat(later.Jobs).ToHashSet(), Submitted || later.Submitted, Overflown || later.Overflown);
}
