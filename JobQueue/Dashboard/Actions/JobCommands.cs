using JobQueue.Access.Users;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Queries;

namespace JobQueue.Dashboard.Actions;

/// <summary>
/// What people do from the pages. Each command looks up again who asks: a page may be old, a role may be gone. Thread-safe.
/// </summary>
internal sealed class JobCommands(IJobStore store, JobQueries jobs, IAccounts accounts)
{
    /// <summary>Accepts a job for the viewer's tenant, or for any tenant if they are an administrator.</summary>
    /// <returns><see langword="null"/> when the viewer may not.</returns>
    public async Task<SubmitResult?> SubmitAsync(Viewer viewer, Submission submission, CancellationToken cancellationToken) =>
        (viewer.Scope is null || viewer.Scope == submission.Tenant) && await IsSignedInAsync(viewer, cancellationToken)
            ? await store.SubmitAsync(submission, cancellationToken)
            : null;

    public async Task<CommandResult> CancelAsync(Viewer viewer, JobId id, CancellationToken cancellationToken)
    {
        if (!await IsSignedInAsync(viewer, cancellationToken))
            return CommandResult.NotAllowed;
        if (await jobs.FindAsync(viewer.Scope, id, cancellationToken) is not { } job)
            return CommandResult.NotFound;
        return viewer.MayCancel(job)
            ? ToResult(await store.CancelAsync(id, viewer.ToActor(), cancellationToken))
            : CommandResult.NotAllowed;
    }

    /// <summary>Runs a failed job again.</summary>
    public async Task<CommandResult> RetryAsync(Viewer viewer, JobId id, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? ToResult(await store.RetryAsync(id, viewer.ToActor(), cancellationToken))
            : CommandResult.NotAllowed;

    /// <summary>Runs a dead letter again, with a mended payload if one is given.</summary>
    public async Task<CommandResult> RequeueAsync(
        Viewer viewer, JobId id, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? ToResult(await store.RequeueAsync(id, payload, viewer.ToActor(), cancellationToken))
            : CommandResult.NotAllowed;

    public async Task<CommandResult> DiscardAsync(Viewer viewer, JobId id, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? ToResult(await store.DiscardAsync(id, viewer.ToActor(), cancellationToken))
            : CommandResult.NotAllowed;

    /// <returns><see langword="null"/> when the viewer may not.</returns>
    public async Task<BulkResult?> RequeueManyAsync(
        Viewer viewer, DeadLetterFilter filter, bool dryRun, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? await store.RequeueManyAsync(InSight(filter, viewer), dryRun, viewer.ToActor(), cancellationToken)
            : null;

    /// <returns><see langword="null"/> when the viewer may not.</returns>
    public async Task<BulkResult?> DiscardManyAsync(
        Viewer viewer, DeadLetterFilter filter, bool dryRun, CancellationToken cancellationToken) =>
        await IsOperatorAsync(viewer, cancellationToken)
            ? await store.DiscardManyAsync(InSight(filter, viewer), dryRun, viewer.ToActor(), cancellationToken)
            : null;

    /// <summary>Gives one command about many jobs; those that do not qualify any more are skipped.</summary>
    /// <returns>How many were changed.</returns>
    public static async Task<int> ForEachAsync(
        IReadOnlyCollection<JobId> ids, Func<JobId, CancellationToken, Task<CommandResult>> command, CancellationToken cancellationToken)
    {
        var changed = 0;
        // Commands given together are committed together.
        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                if (await command(id, token) is CommandResult.Changed or CommandResult.CancelRequested)
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

    private static CommandResult ToResult(ControlResult result) => result switch
    {
        ControlResult.Changed => CommandResult.Changed,
        ControlResult.CancelRequested => CommandResult.CancelRequested,
        ControlResult.NotFound => CommandResult.NotFound,
        _ => CommandResult.WrongState,
    };
}
