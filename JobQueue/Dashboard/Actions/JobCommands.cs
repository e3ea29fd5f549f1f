using JobQueue.Access.Users;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Queries;

namespace JobQueue.Dashboard.Actions;

/// <summary>
/// What people do from the pages. Each command looks up again who asks, and answers <see langword="null"/> when they may not: a
/// page may be old, a role may be gone. Thread-safe.
/// </summary>
internal sealed class JobCommands(IJobStore store, JobQueries jobs, IAccounts accounts)
{
    /// <summary>Accepts a job for the viewer's tenant, or for any tenant if they are an administrator.</summary>
    /// <returns><see langword="null"/> when the viewer may not.</returns>
    public async Task<SubmitResult?> SubmitAsync(Viewer viewer, Submission submission, CancellationToken cancellationToken) =>
        (viewer.Scope is null || viewer.Scope == submission.Tenant) && await IsSignedInAsync(viewer, cancellationToken)
            ? await store.SubmitAsync(submission, cancellationToken)
            : null;

    public async Task<ControlResult?> CancelAsync(Viewer viewer, JobId id, CancellationToken cancellationToken)
    {
        if (!await IsSignedInAsync(viewer, cancellationToken))
            return null;
        if (await jobs.FindAsync(viewer.Scope, id, cancellationToken, withPayload: false) is not { } job)
            return ControlResult.NotFound;
        return viewer.MayCancel(job) ? await store.CancelAsync(id, viewer.ToActor(), cancellationToken) : null;
    }

    /// <summary>Runs a failed job again.</summary>
    public async Task<ControlResult?> RetryAsync(Viewer viewer, JobId id, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? await store.RetryAsync(id, viewer.ToActor(), cancellationToken)
            : null;

    /// <summary>Runs a dead letter again, with a mended payload if one is given.</summary>
    public async Task<ControlResult?> RequeueAsync(
        Viewer viewer, JobId id, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? await store.RequeueAsync(id, payload, viewer.ToActor(), cancellationToken)
            : null;

    public async Task<ControlResult?> DiscardAsync(Viewer viewer, JobId id, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? await store.DiscardAsync(id, viewer.ToActor(), cancellationToken)
            : null;

    public async Task<BulkResult?> RequeueManyAsync(
        Viewer viewer, DeadLetterFilter filter, bool dryRun, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? await store.RequeueManyAsync(InSight(filter, viewer), dryRun, viewer.ToActor(), cancellationToken)
            : null;

    public async Task<BulkResult?> DiscardManyAsync(
        Viewer viewer, DeadLetterFilter filter, bool dryRun, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? await store.DiscardManyAsync(InSight(filter, viewer), dryRun, viewer.ToActor(), cancellationToken)
            : null;

    /// <summary>Gives one command about many jobs; those that do not qualify any more are skipped.</summary>
    /// <returns>How many were changed.</returns>
    public static async Task<int> ForEachAsync(
        IReadOnlyCollection<JobId> ids, Func<JobId, CancellationToken, Task<ControlResult?>> command, CancellationToken cancellationToken)
    {
        var changed = 0;
        // Commands given together are committed together.
        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                if (await command(id, token) is ControlResult.Changed or ControlResult.CancelRequested)
                    Interlocked.Increment(ref changed);
            });
        return changed;
    }

    public Task<bool> IsSignedInAsync(Viewer viewer, CancellationToken cancellationToken) =>
        accounts.IsCurrentAsync(viewer.UserId, viewer.Stamp, cancellationToken);

    private async Task<bool> IsOperatorAsync(Viewer viewer, CancellationToken cancellationToken) =>
        viewer.IsOperator && await IsSignedInAsync(viewer, cancellationToken);

    private static DeadLetterFilter InSight(DeadLetterFilter filter, Viewer viewer) =>
        viewer.Scope is { } scope ? filter with { Tenant = scope } : filter;
}
