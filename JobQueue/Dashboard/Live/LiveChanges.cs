using JobQueue.Jobs.Model;

namespace JobQueue.Dashboard.Live;

/// <summary>What happened since a page was last told. Immutable.</summary>
/// <param name="Jobs">The jobs it happened to, <see cref="MaxJobs"/> at most; none when <see cref="Overflown"/>.</param>
/// <param name="Submitted">Whether new jobs are among them.</param>
/// <param name="Overflown">More jobs changed than can be named: anything may have changed.</param>
internal sealed record LiveChanges(IReadOnlySet<JobId> Jobs, bool Submitted, bool Overflown)
{
    /// <summary>Jobs named in one notice; a page shows fewer.</summary>
    public const int MaxJobs = 2_000;

    private static readonly HashSet<JobId> Nobody = [];

    public static LiveChanges Of(IReadOnlySet<JobId> jobs, bool submitted, bool overflown) =>
        overflown || jobs.Count > MaxJobs ? new LiveChanges(Nobody, submitted, true) : new LiveChanges(jobs, submitted, false);

    public bool Touches(JobId id) => Overflown || Jobs.Contains(id);

    public LiveChanges And(LiveChanges later)
    {
        var overflown = Overflown || later.Overflown;
        return Of(overflown ? Nobody : Jobs.Concat(later.Jobs).ToHashSet(), Submitted || later.Submitted, overflown);
    }
}
