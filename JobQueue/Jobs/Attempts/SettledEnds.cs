using JobQueue.Jobs.Leases;

namespace JobQueue.Jobs.Attempts;

/// <summary>What became of many ends, and the jobs asked for with them.</summary>
/// <param name="Attempts">In the order given; <see langword="null"/> where the lease was lost.</param>
/// <param name="Leasing">Ends as <see cref="Store.IJobLeases.LeaseAsync"/> does; whatever it comes to, the ends are on disk.</param>
public sealed record SettledEnds(IReadOnlyList<SettledAttempt?> Attempts, Task<IReadOnlyList<LeasedJob>> Leasing);
