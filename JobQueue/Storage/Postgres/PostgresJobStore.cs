using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Model;
using JobQueue.Storage.Postgres.Controlling;
using JobQueue.Storage.Postgres.Submitting;
using JobQueue.Storage.Postgres.Working;
using JobQueue.Storage.Postgres.Working.Leasing;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Sweeping;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Postgres;

/// <summary>The store on PostgreSQL: turns each verb into a command for one of this process's writers.</summary>
internal sealed class PostgresJobStore(PostgresStoreHost host, IJobBoard board, IDbContextFactory<JobQueueDb> databases, StoreObserver observer, TimeProvider time) : IJobStore
{
    /// <summary>Dead letters changed in one transaction, so that a large bulk command does not hold up the others.</summary>
    private const int BulkSlice = 500;

    private static readonly Task<IReadOnlyList<LeasedJob>> NoJobs = Task.FromResult<IReadOnlyList<LeasedJob>>([]);

    private readonly SweepPosition _sweep = new();

    public bool OthersTakeOver => true;

    public bool TakesSubmissions() => !host.Backlog.IsOverloaded;

    public async Task<SubmitResult> SubmitAsync(Submission submission, CancellationToken cancellationToken) =>
        await SubmitManyAsync([submission], cancellationToken) switch
        {
            BatchSubmitResult.Accepted accepted => accepted.Items[0],
            BatchSubmitResult.KeyReused reused => new SubmitResult.KeyReused(reused.Id),
            BatchSubmitResult.OverLimit over => new SubmitResult.OverLimit(over.Reason, over.Usage),
            var unknown => throw new InvalidOperationException($"No answer is known for {unknown}."),
        };

    public Task<BatchSubmitResult> SubmitManyAsync(IReadOnlyList<Submission> submissions, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(submissions.Count);
        var command = new SubmitCommand(submissions, observer, cancellationToken);
        host.Submissions.Post(command);
        return command.Task;
    }

    public async Task<IReadOnlyList<LeasedJob>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var wish = new LeaseWish(request);
        host.Work.Post(wish);
        return await WaitAsync(wish, cancellationToken);
    }

    public ValueTask RoomAsync(CancellationToken cancellationToken) => host.Backlog.RoomAsync(cancellationToken);

    public Task<IReadOnlyList<LeaseToken>> ExtendAsync(
        IReadOnlyList<LeaseToken> leases, TimeSpan duration, CancellationToken cancellationToken) =>
        Send(new ExtendCommand(leases, duration));

    public Task<HeartbeatResult?> HeartbeatAsync(
        LeaseToken lease, TenantId? scope, JobProgress? progress, IReadOnlyList<string> logLines, CancellationToken cancellationToken) =>
        Send(new HeartbeatCommand(lease, scope, new AttemptReport(progress, logLines), time.GetTimestamp()));

    public async Task<SettleResult> SettleAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken)
    {
        var settled = await Send(new EndsCommand([new AttemptEnd(lease, outcome)], scope, time.GetTimestamp()));
        return settled[0] is null ? SettleResult.LeaseLost : SettleResult.Settled;
    }

    public async Task<Job?> SettleAndReadAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken)
    {
        var command = new EndsCommand([new AttemptEnd(lease, outcome)], scope, time.GetTimestamp()) { ReadsJob = true };
        await Send(command);
        if (command.Job is not { Status: JobStatus.Pending } job)
            return command.Job;
        var holdups = await board.HoldupsAsync([job.TenantId], CancellationToken.None);
        return job with
        {
            WaitingFor = Waiting.For(job.RunAt, DateTimeOffset.FromUnixTimeMilliseconds(host.Clock.Now), job.Retries, holdups.Of(job.TenantId, job.Queue, job.Target)),
        };
    }

    public async Task<SettledEnds> SettleManyAsync(
        IReadOnlyList<AttemptEnd> ends, TenantId? scope, LeaseRequest? next, CancellationToken cancellationToken)
    {
        // What waits already is enough to do: the ends are taken, and no job is given out.
        if (next is null || host.Backlog.IsOverloaded)
            return new SettledEnds(await Send(new EndsCommand(ends, scope, time.GetTimestamp())), NoJobs);
        if (ends.Count == 0)
            return new SettledEnds([], LeaseAsync(next, cancellationToken));
        var wish = new LeaseWish(next);
        try
        {
            var settled = await Send(new EndsCommand(ends, scope, time.GetTimestamp()) { Next = wish });
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

    public Task<int> ReapAsync(CancellationToken cancellationToken) => Send(new ReapCommand());

    public Task<SweepResult> SweepAsync(RetentionCutoffs cutoffs, CancellationToken cancellationToken) =>
        Send(new SweepCommand(cutoffs, _sweep, cancellationToken));

    /// <summary>Waits for jobs as long as the wish says.</summary>
    private async Task<IReadOnlyList<LeasedJob>> WaitAsync(LeaseWish wish, CancellationToken cancellationToken)
    {
        await using var gone = cancellationToken.UnsafeRegister(static wish => ((LeaseWish)wish!).GiveUp(), wish);
        if (wish.Request.Wait <= TimeSpan.Zero)
            return await wish.Task;
        await using var waited = time.CreateTimer(static wish => ((LeaseWish)wish!).GiveUp(), wish, wish.Request.Wait, Timeout.InfiniteTimeSpan);
        var leased = await wish.Task;
        // The writer still holds a wish that was given up.
        if (leased.Count == 0)
            host.Work.Post(wish);
        return leased;
    }

    private Task<T> Send<T>(PostgresCommand<T> command)
    {
        host.Work.Post(command);
        return command.Task;
    }

    /// <summary>Fixes what is meant first, by a snapshot, then changes it in slices between other writes.</summary>
    private async Task<BulkResult> BulkAsync(DeadLetterFilter filter, bool dryRun, bool requeue, Actor actor, CancellationToken cancellationToken)
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
