using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Writes;

/// <summary>A bad command among others is undone alone.</summary>
public abstract class RollbackContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Bad_command_among_others_fails_alone()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        using var gone = new CancellationTokenSource();
        Task<SubmitResult> good, twin, bad, cancelled, replayed;
        Task<int> thrown, written;
        Task<ControlResult> unknown;
        await using (var hold = await queue.HoldWritersAsync())
        {
            good = queue.Store.SubmitAsync(Some.Keyed(acme, "k"), Ct);
            bad = queue.Store.SubmitAsync(Some.Submission(acme) with { IdempotencyKey = "short hash", RequestHash = [1] }, Ct);
            twin = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
            cancelled = queue.Store.SubmitAsync(Some.Submission(acme), gone.Token);
            thrown = Writer(queue).WriteAsync<int>(_ => throw new InvalidOperationException("refused"), Ct);
            written = Writer(queue).WriteAsync(db => db.Tenants.Add(new TenantRow { Name = "k", CreatedAt = default }).Entity.Name.Length, Ct);
            unknown = queue.Store.CancelAsync(JobId.Create(1, 1, 1), Some.Actor(), Ct);
            replayed = queue.Store.SubmitAsync(Some.Keyed(acme, "k"), Ct);
            await gone.CancelAsync();
        }

        var job = Assert.IsType<SubmitResult.Accepted>(await good).Job;
        Assert.IsType<SubmitResult.Accepted>(await twin);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => bad);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal("refused", (await Assert.ThrowsAsync<InvalidOperationException>(() => thrown)).Message);
        Assert.Equal(1, await written);
        Assert.Equal(ControlResult.NotFound, await unknown);
        Assert.Equal(new SubmitResult.Replayed(job.Id), await replayed);
        Assert.Equal(2, (await queue.UsageAsync(acme)).Pending);
        Assert.Equal(2, (await queue.LeaseAsync(Some.Wish(10))).Count);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Change_that_breaks_a_constraint_fails_alone_and_leaves_nothing()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        Task<int> bad;
        Task<SubmitResult> good;
        await using (var hold = await queue.HoldWritersAsync())
        {
            good = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
            bad = Writer(queue).WriteAsync(
                db =>
                {
                    db.Tenants.Add(new TenantRow { Name = "left behind", CreatedAt = default });
                    db.SaveChanges();
                    db.Tenants.Add(new TenantRow { Name = "acme", CreatedAt = default });
                    return 0;
                },
                Ct);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => bad);
        Assert.IsType<SubmitResult.Accepted>(await good);
        Assert.False(await Writer(queue).WriteAsync(db => db.Tenants.Any(tenant => tenant.Name == "left behind"), Ct));
    }

    [Fact]
    public async Task Leases_of_a_batch_with_a_bad_command_reach_their_workers()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var settled = await queue.SubmitAsync(acme);
        var held = await queue.LeaseOneAsync();
        Task<IReadOnlyList<LeasedJob>> first, second;
        await using (var hold = await queue.HoldWritersAsync())
        {
            first = queue.LeaseAsync(PatientWish);
            second = queue.LeaseAsync(PatientWish);
            _ = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
            var finished = queue.FinishAsync(held);
            var bad = queue.Store.SubmitAsync(Some.Submission(acme) with { MaxRetries = -1 }, Ct);
            _ = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
            _ = bad.ContinueWith(task => task.Exception, Ct, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            _ = finished;
        }

        var leased = (await Task.WhenAll(first, second).WaitAsync(Soon, Ct)).SelectMany(jobs => jobs).ToList();
        Assert.Equal(JobStatus.Done, (await queue.FindAsync(settled.Id)).Status);
        Assert.Equal(leased.Count, (await queue.UsageAsync(acme)).Running);
        foreach (var each in leased)
            await queue.FinishAsync(each);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Wish_whose_lease_was_undone_can_still_be_given_up()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        using var gone = new CancellationTokenSource();
        Task<IReadOnlyList<LeasedJob>> wish;
        Task<BatchSubmitResult> bad;
        await using (var hold = await queue.HoldWritersAsync())
        {
            wish = queue.Store.LeaseAsync(PatientWish, gone.Token);
            // The job that the wish gets goes with the transaction: nothing is left to give.
            bad = queue.Store.SubmitManyAsync([Some.Submission(acme), Some.Submission(acme) with { MaxRetries = -1 }], Ct);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => bad);
        await queue.Store.ReapAsync(Ct);
        Assert.False(wish.IsCompleted);
        await gone.CancelAsync();
        Assert.Empty(await wish.WaitAsync(Soon, Ct));
    }

    [Fact]
    public async Task Wish_that_throws_fails_alone()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        Task<IReadOnlyList<LeasedJob>> guilty, innocent;
        Task<SubmitResult> submitted;
        await using (var hold = await queue.HoldWritersAsync())
        {
            guilty = queue.LeaseAsync(PatientWish with { Worker = new WorkerIdentity(null!) });
            innocent = queue.LeaseAsync(PatientWish);
            submitted = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
            _ = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
        }

        Assert.IsType<SubmitResult.Accepted>(await submitted);
        await Assert.ThrowsAnyAsync<Exception>(() => guilty);
        Assert.Single(await innocent.WaitAsync(Soon, Ct));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Rollback_keeps_deadlines_and_the_window_of_the_limit()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new Tenants.TenantLimits(null, 3, null));
        await queue.SubmitAsync(acme, 2);
        var leased = await queue.LeaseOneAsync();
        await queue.LiveAsync(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<Exception>(() => queue.Store.SubmitAsync(Some.Submission(acme) with { MaxRetries = -1 }, Ct));
        Assert.Equal(2, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        Assert.Equal(1, (await queue.UsageAsync(acme)).Running);
        await queue.LiveAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((JobStatus.Pending, 1), await StatusAsync(queue, leased));
    }

    private static IDbWriter Writer(TestQueue queue) => queue.Services.GetRequiredService<IDbWriter>();
}
