using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;
using JobQueue.Queues;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Access;
using JobQueue.Storage.Queries;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Support;

/// <summary>Steps that tests of the store share, each with what must hold for it to make sense.</summary>
internal static class StoreSteps
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Job> SubmitAsync(this TestQueue queue, Submission submission) =>
        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(submission, Ct)).Job;

    public static Task<Job> SubmitAsync(this TestQueue queue, TenantId tenant) => queue.SubmitAsync(Some.Submission(tenant));

    public static async Task SubmitAsync(this TestQueue queue, TenantId tenant, int count)
    {
        foreach (var slice in Enumerable.Range(0, count).Chunk(1000))
        {
            Assert.IsType<BatchSubmitResult.Accepted>(
                await queue.Store.SubmitManyAsync([.. slice.Select(_ => Some.Submission(tenant))], Ct));
        }
    }

    public static Task<IReadOnlyList<LeasedJob>> LeaseAsync(this TestQueue queue, LeaseRequest wish) => queue.Store.LeaseAsync(wish, Ct);

    public static async Task<LeasedJob> LeaseOneAsync(this TestQueue queue, WorkerIdentity? worker = null) =>
        Assert.Single(await queue.LeaseAsync(Some.Wish(1, worker)));

    public static Task<SettleResult> SettleAsync(this TestQueue queue, LeasedJob leased, JobOutcome outcome) =>
        queue.Store.SettleAsync(leased.Token, null, outcome, Ct);

    public static async Task FinishAsync(this TestQueue queue, LeasedJob leased) =>
        Assert.Equal(SettleResult.Settled, await queue.SettleAsync(leased, Some.Done));

    public static async Task FailAsync(this TestQueue queue, LeasedJob leased, string message = "no", bool retryable = true) =>
        Assert.Equal(SettleResult.Settled, await queue.SettleAsync(leased, Some.Failure(message, retryable)));

    /// <summary>A job that fails for good at its first attempt.</summary>
    public static async Task<Job> SubmitDeadAsync(this TestQueue queue, Submission submission, string message = "no")
    {
        var job = await queue.SubmitAsync(submission);
        var leased = Assert.Single(await queue.LeaseAsync(Some.Wish() with { Tenant = submission.Tenant }));
        Assert.Equal(job.Id, leased.Job.Id);
        await queue.FailAsync(leased, message, retryable: false);
        return await queue.FindAsync(job.Id);
    }

    public static Task<TenantUsage> UsageAsync(this TestQueue queue, TenantId tenant) => queue.Board.UsageOfAsync(tenant, Ct).AsTask();

    public static Task<IReadOnlyList<TargetDown>> TargetsDownAsync(this TestQueue queue, TenantId tenant) =>
        queue.Board.TargetsDownAsync(tenant, Ct).AsTask();

    public static Task<QueuePause?> PauseAsync(this TestQueue queue, TenantId tenant, string name) =>
        queue.Board.PauseOfAsync(tenant, name, Ct).AsTask();

    public static async Task<Job> FindAsync(this TestQueue queue, JobId id)
    {
        var job = await queue.Jobs.FindAsync(null, id, Ct);
        Assert.NotNull(job);
        return job;
    }

    public static async Task<IReadOnlyList<AttemptOutcome?>> OutcomesAsync(this TestQueue queue, JobId id) =>
        [.. (await queue.Jobs.AttemptsAsync(null, id, Ct))!.Select(attempt => attempt.Outcome)];

    public static async Task<bool> IsDeadLetterAsync(this TestQueue queue, JobId id) =>
        await queue.DeadLetters.FindAsync(null, id, Ct) is not null;

    public static async Task<IReadOnlyList<Job>> ListAsync(this TestQueue queue, JobFilter filter)
    {
        var (all, cursor) = (new List<Job>(), (string?)null);
        do
        {
            var page = await queue.Jobs.ListAsync(filter, cursor, 200, withPayloads: false, Ct);
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    public static async Task<IReadOnlyList<AuditRow>> AuditAsync(this TestQueue queue)
    {
        await using var db = await queue.Services.GetRequiredService<IDbContextFactory<JobQueueDb>>().CreateDbContextAsync(Ct);
        return await db.Audit.OrderBy(row => row.Id).ToListAsync(Ct);
    }

    /// <summary>Lets the job crash, as <see cref="Some.Remote"/> falls silent, until its lease runs out.</summary>
    public static async Task CrashAsync(this TestQueue queue, JobId id)
    {
        var leased = await queue.LeaseOneAsync();
        Assert.Equal(id, leased.Job.Id);
        await queue.LiveAsync(TimeSpan.FromSeconds(31));
    }
}
