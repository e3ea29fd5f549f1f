using System.Text;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Writes;

/// <summary>More than can be written, and what a write costs.</summary>
public abstract class OverloadContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Too_many_waiting_writes_are_refused_and_the_others_answered()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var batch = Enumerable.Range(0, 1000).Select(_ => Some.Submission(acme)).ToList();
        var waiting = new List<Task<BatchSubmitResult>>();
        var leased = (await queue.SubmitAsync(acme), await queue.LeaseOneAsync()).Item2;
        Task<SettleResult> settled;
        await using (var hold = await queue.HoldWritersAsync())
        {
            for (var i = 0; i < 10; i++)
                waiting.Add(queue.Store.SubmitManyAsync(batch, Ct));
            await Assert.ThrowsAsync<StoreOverloadedException>(() => queue.Store.SubmitAsync(Some.Submission(acme), Ct));
            await Assert.ThrowsAsync<StoreOverloadedException>(() => queue.Store.SubmitManyAsync(batch, Ct));
            Assert.False(queue.Store.TakesSubmissions());
            settled = queue.SettleAsync(leased, Some.Done);
        }

        Assert.All(await Task.WhenAll(waiting), result => Assert.IsType<BatchSubmitResult.Accepted>(result));
        Assert.Equal(SettleResult.Settled, await settled);
        Assert.True(queue.Store.TakesSubmissions());
        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        Assert.Equal(10_001, (await queue.UsageAsync(acme)).Pending);
    }

    [Fact]
    public async Task What_ends_an_overload_is_never_refused_by_it()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var (dead, other) = (await queue.SubmitDeadAsync(Some.Submission(acme)), await queue.SubmitDeadAsync(Some.Submission(acme)));
        var waiting = await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromHours(1) });
        var batch = Enumerable.Range(0, 1000).Select(_ => Some.Submission(acme)).ToList();
        Task<ControlResult> cancelled, discarded;
        Task<BulkResult> allDiscarded;
        Task paused, resumed, limited;
        await using (var hold = await queue.HoldWritersAsync())
        {
            for (var i = 0; i < 10; i++)
                _ = queue.Store.SubmitManyAsync(batch, Ct);
            Assert.False(queue.Store.TakesSubmissions());
            paused = queue.Store.PauseQueueAsync(acme, "flood", null, null, Some.Actor(), Ct);
            resumed = queue.Store.ResumeQueueAsync(acme, "other", Some.Actor(), Ct);
            cancelled = queue.Store.CancelAsync(waiting.Id, Some.Actor(), Ct);
            discarded = queue.Store.DiscardAsync(dead.Id, Some.Actor(), Ct);
            allDiscarded = queue.Store.DiscardManyAsync(new DeadLetterFilter { JobIds = [other.Id] }, dryRun: false, Some.Actor(), Ct);
            limited = queue.SetLimitsAsync(acme, new Tenants.TenantLimits(1, null, null));
            // These make work.
            await Assert.ThrowsAsync<StoreOverloadedException>(() => queue.Store.RequeueAsync(other.Id, null, Some.Actor(), Ct));
            await Assert.ThrowsAsync<StoreOverloadedException>(() => queue.Store.RetryAsync(other.Id, Some.Actor(), Ct));
            await Assert.ThrowsAsync<StoreOverloadedException>(
                () => queue.Store.RequeueManyAsync(new DeadLetterFilter { JobIds = [other.Id] }, dryRun: false, Some.Actor(), Ct));
        }

        await Task.WhenAll(paused, resumed, limited);
        Assert.Equal((ControlResult.Changed, ControlResult.Changed), (await cancelled, await discarded));
        Assert.Equal(1, (await allDiscarded).Changed);
        Assert.NotNull(await queue.PauseAsync(acme, "flood"));
    }

    [Fact]
    public async Task Ends_of_jobs_are_committed_a_few_megabytes_at_once()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 20);
        var leased = await queue.LeaseAsync(Some.Wish(20));
        var result = new JobOutcome.Done(Encoding.UTF8.GetBytes($"\"{new string('x', 1 << 20)}\""));
        var commits = new List<int>();
        queue.Services.GetRequiredService<StoreObserver>().OnCommitted((_, commands) => commits.Add(commands));
        Task<SettleResult[]> settled;
        await using (var hold = await queue.HoldWritersAsync())
            settled = Task.WhenAll(leased.Select(each => queue.SettleAsync(each, result)));

        Assert.All(await settled, each => Assert.Equal(SettleResult.Settled, each));
        Assert.All(commits, commands => Assert.InRange(commands, 1, 5));
    }

    [Fact]
    public async Task Large_batch_is_taken_by_an_idle_store_whatever_its_size()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var payload = $"\"{new string('x', 34 << 20)}\"";
        Assert.IsType<BatchSubmitResult.Accepted>(
            await queue.Store.SubmitManyAsync([Some.Submission(acme, payload), Some.Submission(acme, payload)], Ct));
    }

    [Fact]
    public async Task Look_that_writes_nothing_is_no_commit()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme);
        var leased = await queue.LeaseOneAsync();
        await queue.Store.ReapAsync(Ct);
        var commits = 0;
        queue.Services.GetRequiredService<StoreObserver>().OnCommitted((_, _) => commits++);

        await queue.LiveAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(ControlResult.NotFound, await queue.Store.CancelAsync(JobId.Create(1, 1, 1), Some.Actor(), Ct));
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        Assert.Equal(0, commits);

        await queue.LiveAsync(TimeSpan.FromSeconds(11));
        Assert.Equal((JobStatus.Pending, 1), await StatusAsync(queue, leased));
        Assert.Equal(1, commits);
    }

    [Fact]
    public async Task Listener_that_throws_hurts_neither_the_store_nor_the_next_listener()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new Tenants.TenantLimits(null, 1, null));
        var observer = queue.Services.GetRequiredService<StoreObserver>();
        var (commits, refusals) = (0, 0);
        observer.OnCommitted((_, _) => throw new InvalidOperationException("a listener's fault"));
        observer.OnCommitted((_, _) => commits++);
        observer.OnRefused(_ => throw new InvalidOperationException("a listener's fault"));
        observer.OnRefused(_ => refusals++);

        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        Assert.Equal((1, 1), (commits, refusals));
    }
}
