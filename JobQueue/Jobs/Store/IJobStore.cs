using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Store;

/// <summary>
/// The durable store's verbs. Each is atomic, and its task ends only when the effect is on disk; a crash before that leaves
/// nothing of it. All members are thread-safe. A cancelled call that was already taken up still commits.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="StoreUnavailableException"/> (come again), <see cref="DiskFullException"/> (nothing was
/// stored) or <see cref="StoreStoppedException"/>, and one that makes work <see cref="StoreOverloadedException"/> (come again).
/// </remarks>
public interface IJobStore : IJobLeases
{
    /// <summary>
    /// To be asked before a body is read and parsed for nothing. False while so many writes wait that a submission would be refused
    /// whatever it is: reading it, or an exception for each call, would take the time of those that are accepted.
    /// </summary>
    /// <exception cref="DiskFullException">The disk is nearly full.</exception>
    bool TakesSubmissions();

    /// <summary>Accepts one job, or says why not. Idempotency key, limits and job are decided in one transaction.</summary>
    Task<SubmitResult> SubmitAsync(Submission submission, CancellationToken cancellationToken);

    /// <summary>Accepts all of one tenant's submissions or none.</summary>
    Task<BatchSubmitResult> SubmitManyAsync(IReadOnlyList<Submission> submissions, CancellationToken cancellationToken);

    /// <summary>As <see cref="IJobLeases.SettleAsync"/>, and answers the job as it is stored then; <see langword="null"/> when the lease is lost.</summary>
    Task<Job?> SettleAndReadAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken);

    /// <summary>
    /// Ends many attempts in one transaction, each fenced by its own lease: one that is lost does not spoil the others. The same
    /// transaction leases the next jobs, if there are any; else they are waited for after it.
    /// </summary>
    /// <param name="ends">Each lease once.</param>
    /// <param name="next">The jobs to lease, or <see langword="null"/> for none. While too many writes wait there are none.</param>
    /// <param name="cancellationToken">Ends the wait for jobs, not the ends.</param>
    Task<SettledEnds> SettleManyAsync(IReadOnlyList<AttemptEnd> ends, TenantId? scope, LeaseRequest? next, CancellationToken cancellationToken);

    /// <summary>Pending: ends at once. Running: the worker is told to stop.</summary>
    Task<ControlResult> CancelAsync(JobId id, Actor actor, CancellationToken cancellationToken);

    /// <summary>A failed job runs again with its id and history; retries and crashes start at 0, its dead letter goes.</summary>
    Task<ControlResult> RetryAsync(JobId id, Actor actor, CancellationToken cancellationToken);

    /// <summary>As <see cref="RetryAsync"/> for a job in the dead letter queue, optionally with a mended payload.</summary>
    Task<ControlResult> RequeueAsync(JobId id, ReadOnlyMemory<byte>? payload, Actor actor, CancellationToken cancellationToken);

    /// <summary>Takes a job out of the dead letter queue for good: it stays failed, reason discarded.</summary>
    Task<ControlResult> DiscardAsync(JobId id, Actor actor, CancellationToken cancellationToken);

    /// <summary>Requeues what matched when the call began, in slices between other writes.</summary>
    Task<BulkResult> RequeueManyAsync(DeadLetterFilter filter, bool dryRun, Actor actor, CancellationToken cancellationToken);

    /// <summary>Discards what matched when the call began, in slices between other writes.</summary>
    Task<BulkResult> DiscardManyAsync(DeadLetterFilter filter, bool dryRun, Actor actor, CancellationToken cancellationToken);

    /// <summary>Stops leasing from a queue, until it is resumed or <paramref name="until"/> has come.</summary>
    Task PauseQueueAsync(TenantId tenant, string queue, string? reason, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken);

    Task ResumeQueueAsync(TenantId tenant, string queue, Actor actor, CancellationToken cancellationToken);

    /// <summary>Takes back leases that ran out, counting a crash for each. Answers how many.</summary>
    Task<int> ReapAsync(CancellationToken cancellationToken);

    /// <summary>Looks at a bounded slice of what retention is about and deletes what is past it.</summary>
    Task<SweepResult> SweepAsync(RetentionCutoffs cutoffs, CancellationToken cancellationToken);
}
