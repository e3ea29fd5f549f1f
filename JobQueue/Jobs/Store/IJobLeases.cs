using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Store;

/// <summary>
/// What a worker needs of a store: to get jobs and to say what became of them. The store in this process gives it, and for a
/// worker in a process of its own the API of a server does. All members are thread-safe.
/// </summary>
public interface IJobLeases
{
    /// <summary>
    /// Leases ready jobs, fairest tenant first, waiting for a first one as long as the request says. Empty when there was none.
    /// </summary>
    /// <remarks>When the token is cancelled after jobs were leased, the caller still gets them: it must settle or release them.</remarks>
    Task<IReadOnlyList<LeasedJob>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until what waits to be written takes less memory than it may: to be awaited before a result or a report is read or made.
    /// These are never refused, as they are what ends an overload, so who brings them waits.
    /// </summary>
    ValueTask RoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Whether somebody else takes over a job whose lease could not be extended in time: then its handler here must stop when the lease
    /// ends, though nobody said that it is lost.
    /// </summary>
    bool OthersTakeOver => false;

    /// <summary>Extends leases that this process holds, all in one write. Answers those that are lost.</summary>
    Task<IReadOnlyList<LeaseToken>> ExtendAsync(IReadOnlyList<LeaseToken> leases, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Extends one lease and stores what it carries; <see langword="null"/> when the lease is lost.</summary>
    /// <param name="scope">The caller's tenant, or <see langword="null"/> for all.</param>
    Task<HeartbeatResult?> HeartbeatAsync(
        LeaseToken lease, TenantId? scope, JobProgress? progress, IReadOnlyList<string> logLines, CancellationToken cancellationToken);

    /// <summary>Ends the attempt: finish, fail or release. Fenced by the lease.</summary>
    /// <returns>When it is on disk; the token is not looked at, since an end must reach it.</returns>
    Task<SettleResult> SettleAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken);
}
