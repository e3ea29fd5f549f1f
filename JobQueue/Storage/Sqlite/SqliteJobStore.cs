using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Model;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Commands.Controlling;
using JobQueue.Storage.Sqlite.Commands.Leasing;
using JobQueue.Storage.Sqlite.Commands.Submitting;
using JobQueue.Storage.Sqlite.Commands.Sweeping;
using JobQueue.Storage.Sweeping;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Sqlite;

/// <summary>The store on SQLite: turns each verb into a command for the writer.</summary>
internal sealed class SqliteJobStore(
    SqliteStoreHost host, IDbContextFactory<JobQueueDb> databases, StoreObserver observer, TimeProvider time)
    : IJobStore, IDbWriter
{
    /// <summary>Dead letters changed in one transaction, so that a large bulk command does not hold up the others.</summary>
    private const int BulkSlice = 500;

    private static readonly Task<IReadOnlyList<LeasedJob>> NoJobs = Task.FromResult<IReadOnlyList<LeasedJob>>([]);

    private readonly SweepPosition _sweep = new();

    public bool TakesSubmissions()
    {
        host.Disk.ThrowIfNearlyFull();
        return !host.Writer.IsOverloaded;
    }

    public Task<SubmitResult> SubmitAsync(Submission submission, CancellationToken cancellationToken)
    {
        host.Disk.ThrowIfNearlyFull();
        return Send(new SubmitCommand(submission, observer, cancellationToken));
    }

    public Task<BatchSubmitResult> SubmitManyAsync(IReadOnlyList<Submission> submissions, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(submissions.Count);
        host.Disk.ThrowIfNearlyFull();
        return Send(new SubmitManyCommand(submissions, observer, cancellationToken));
    }

    public async Task<IReadOnlyList<LeasedJob>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var wish = new LeaseCommand(request);
        host.Writer.Post(wish);
        return await WaitAsync(wish, cancellationToken);
    }

    public ValueTask RoomAsync(CancellationToken cancellationToken) => host.Writer.RoomAsync(cancellationToken);

    public Task<IReadOnlyList<LeaseToken>> ExtendAsync(
        IReadOnlyList<LeaseToken> leases, TimeSpan duration, CancellationToken cancellationToken) =>
        Send(new ExtendCommand(leases, duration, time.GetTimestamp()));

    public Task<HeartbeatResult?> HeartbeatAsync(
        LeaseToken lease, TenantId? scope, JobProgress? progress, IReadOnlyList<string> logLines, CancellationToken cancellationToken) =>
        Send(new HeartbeatCommand(lease, scope, new AttemptReport(progress, logLines), time.GetTimestamp()));

    public Task<SettleResult> SettleAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken) =>
        Send(new SettleCommand(lease, scope, outcome, time.GetTimestamp()));

    public Task<Job?> SettleAndReadAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken) =>
        Send(new SettleAndReadCommand(lease, scope, outcome, time.GetTimestamp()));

    public async Task<SettledEnds> SettleManyAsync(
        IReadOnlyList<AttemptEnd> ends, TenantId? scope, LeaseRequest? next, CancellationToken cancellationToken)
    {
        // What waits already is enough to do: the ends are taken, and no job is given out.
        if (next is null || host.Writer.IsOverloaded)
            return new SettledEnds(await Send(new SettleManyCommand(ends, scope, time.GetTimestamp(), () => { })), NoJobs);
        if (ends.Count == 0)
            return new SettledEnds([], LeaseAsync(next, cancellationToken));
        var wish = new LeaseCommand(next);
        try
        {
            var settled = await Send(new SettleManyCommand(ends, scope, time.GetTimestamp(), () => host.Writer.Post(wish)));
            return new SettledEnds(settled, WaitAsync(wish, cancellationToken));
        }
        catch
        {
            // The ends failed alone, and the wish may have got jobs meanwhile: nobody would hear of them.
            wish.GiveUp();
            foreach (var leased in await wish.Task)
                await SettleAsync(leased.Token, scope: null, new JobOutcome.Released(), CancellationToken.None);
            throw;
        }
    }

    public Task<ControlResult> CancelAsync(JobId id, Actor actor, CancellationToken cancellationToken) =>
        Send(new CancelCommand(id, actor, cancellationToken));

    public Task<ControlResult> RetryAsync(JobId id, Actor actor, CancellationToken cancellationToken) =>
        Send(new ReopenCommand(id, actor, deadOnly: false, null, cancellationToken));

    public Task<ControlResult> RequeueAsync(JobId id, ReadOnlyMemory<byte>? payload, Actor actor, CancellationToken cancellationToken) =>
        Send(new ReopenCommand(id, actor, deadOnly: true, payload, cancellationToken));

    public Task<ControlResult> DiscardAsync(JobId id, Actor actor, CancellationToken cancellationToken) =>
        Send(new DiscardCommand(id, actor, cancellationToken));

    public Task<BulkResult> RequeueManyAsync(DeadLetterFilter filter, bool dryRun, Actor actor, CancellationToken cancellationToken) =>
        BulkAsync(filter, dryRun, requeue: true, actor, cancellationToken);

    public Task<BulkResult> DiscardManyAsync(DeadLetterFilter filter, bool dryRun, Actor actor, CancellationToken cancellationToken) =>
        BulkAsync(filter, dryRun, requeue: false, actor, cancellationToken);

    public Task PauseQueueAsync(
        TenantId tenant, string queue, string? reason, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken) =>
        Send(new PauseQueueCommand(tenant, queue, reason, until, actor, cancellationToken));

    public Task ResumeQueueAsync(TenantId tenant, string queue, Actor actor, CancellationToken cancellationToken) =>
        Send(new ResumeQueueCommand(tenant, queue, actor, cancellationToken));

    public Task<int> ReapAsync(CancellationToken cancellationToken) => Send(new ReapCommand(time.GetTimestamp()));

    public Task<SweepResult> SweepAsync(RetentionCutoffs cutoffs, CancellationToken cancellationToken) =>
        Send(new SweepCommand(cutoffs, _sweep, cancellationToken));

    public Task<T> WriteAsync<T>(Func<JobQueueDb, T> change, CancellationToken cancellationToken) =>
        Send(new ChangeCommand<T>(change, cancellationToken));

    /// <summary>Waits for jobs as long as the wish says.</summary>
    private async Task<IReadOnlyList<LeasedJob>> WaitAsync(LeaseCommand wish, CancellationToken cancellationToken)
    {
        await using var gone = cancellationToken.UnsafeRegister(static wish => ((LeaseCommand)wish!).GiveUp(), wish);
        if (wish.Request.Wait <= TimeSpan.Zero)
            return await wish.Task;
        await using var waited = time.CreateTimer(
            static wish => ((LeaseCommand)wish!).GiveUp(), wish, wish.Request.Wait, Timeout.InfiniteTimeSpan);
        var leased = await wish.Task;
        // The writer still holds a wish that was given up.
        if (leased.Count == 0)
            host.Writer.Post(wish);
        return leased;
    }

    private Task<T> Send<T>(StoreCommand<T> command)
    {
        host.Writer.Post(command);
        return command.Task;
    }

    /// <summary>Fixes what is meant first, by a snapshot, then changes it in slices between other writes.</summary>
    private async Task<BulkResult> BulkAsync(
        DeadLetterFilter filter, bool dryRun, bool requeue, Actor actor, CancellationToken cancellationToken)
    {
        var meant = await databases.MeantAsync(filter, BulkSlice, cancellationToken);
        if (dryRun)
            return new BulkResult(meant.Count, 0);
        var changed = 0;
        foreach (var slice in meant.Chunk(BulkSlice))
            changed += await Send(new BulkCommand(slice, requeue, actor, cancellationToken));
        return new BulkResult(meant.Count, changed);
    }
}
