using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Model;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>What is deleted in time, and what is not.</summary>
public abstract class RetentionContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Retention_takes_ended_jobs_with_all_that_is_theirs_and_no_others()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var dead = await queue.SubmitDeadAsync(Some.Submission(acme));
        var done = await queue.SubmitAsync(acme);
        var leased = await queue.LeaseOneAsync();
        await queue.Store.HeartbeatAsync(leased.Token, null, null, ["line"], Ct);
        await queue.FinishAsync(leased);
        var running = await queue.SubmitAsync(Some.Submission(acme) with { Priority = 1 });
        var pending = await queue.SubmitAsync(acme);
        var scheduled = await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromDays(365) });
        queue.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(running.Id, (await queue.LeaseOneAsync(Some.Pool)).Job.Id);

        Assert.Equal(1, await SweepAsync(queue, doneDays: 7, failedDays: 14));
        Assert.Null(await queue.Jobs.FindAsync(null, done.Id, Ct));
        Assert.Null(await queue.Jobs.LogsAsync(null, done.Id, 0, 10, Ct));
        Assert.True(await queue.IsDeadLetterAsync(dead.Id));
        queue.Time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(0, await SweepAsync(queue, doneDays: 7, failedDays: 14));
        queue.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await SweepAsync(queue, doneDays: 7, failedDays: 14));
        Assert.False(await queue.IsDeadLetterAsync(dead.Id));
        Assert.Null(await queue.Jobs.FindAsync(null, dead.Id, Ct));
        foreach (var kept in new[] { running, pending, scheduled })
            Assert.NotNull(await queue.Jobs.FindAsync(null, kept.Id, Ct));
        var total = await queue.Stats.TotalAsync(acme, Ct);
        Assert.Equal((2, 1, 0, 0, 0), (total.Pending, total.Running, total.Done, total.Failed, total.DeadLettered));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Retention_counts_from_the_end_of_a_job()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromDays(20) });
        queue.Time.Advance(TimeSpan.FromDays(20));
        await queue.Store.ReapAsync(Ct);
        await queue.FinishAsync(await queue.LeaseOneAsync());
        queue.Time.Advance(TimeSpan.FromDays(6));
        Assert.Equal(0, await SweepAsync(queue, 7, 7));
        queue.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await SweepAsync(queue, 7, 7));
    }

    [Fact]
    public async Task Key_lives_24_hours_and_then_goes_with_its_job()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Keyed(acme, "k"));
        await queue.FinishAsync(await queue.LeaseOneAsync());
        queue.Time.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(0, await SweepAsync(queue, 0, 0));
        Assert.Equal(new SubmitResult.Replayed(job.Id), await queue.Store.SubmitAsync(Some.Keyed(acme, "k"), Ct));
        queue.Time.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(1, await SweepAsync(queue, 0, 0));
        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Keyed(acme, "k", "[]"), Ct));
    }

    [Fact]
    public async Task Retention_does_not_open_the_window_of_the_limit()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new Tenants.TenantLimits(null, 1, null));
        await queue.SubmitAsync(acme);
        await queue.FinishAsync(await queue.LeaseOneAsync());
        queue.Time.Advance(TimeSpan.FromSeconds(50));
        await SweepAsync(queue, 0, 0);
        await queue.RestartAsync();
        Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
    }

    [Fact]
    public async Task Retention_goes_through_many_jobs_in_slices()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 1300);
        var leased = await queue.LeaseAsync(Some.Wish(1300));
        await Task.WhenAll(leased.Where((_, i) => i % 13 != 0).Select(queue.FinishAsync));
        queue.Time.Advance(TimeSpan.FromDays(10));
        var slices = new List<int>();
        for (var i = 0; i < 3; i++)
            slices.Add((await queue.Store.SweepAsync(Cutoffs(queue, 7, 7), Ct)).Deleted);
        Assert.All(slices, deleted => Assert.InRange(deleted, 1, 500));
        Assert.Equal(1200, slices.Sum());
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Retention_takes_a_bounded_number_of_rows_at_once_however_much_a_job_has_logged()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 2);
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            foreach (var leased in await queue.LeaseAsync(Some.Wish(2)))
            {
                await queue.Store.HeartbeatAsync(leased.Token, null, null, [.. Enumerable.Repeat("line", 1_500)], Ct);
                await (attempt < 6 ? queue.FailAsync(leased) : queue.FinishAsync(leased));
            }

            await queue.LiveAsync(Second);
            queue.Time.Advance(TimeSpan.FromHours(2));
            await queue.Store.ReapAsync(Ct);
        }

        queue.Time.Advance(TimeSpan.FromDays(8));
        var rows = await LinesAsync(queue);
        Assert.True(rows > 10_000);
        SweepResult slice;
        var swept = 0;
        do
        {
            slice = await queue.Store.SweepAsync(Cutoffs(queue, 7, 7), Ct);
            swept += slice.Deleted;
            Assert.InRange(rows - await LinesAsync(queue), 0, 5_000);
            rows = await LinesAsync(queue);
        }
        while (slice.More);
        Assert.Equal((2, 0), (swept, rows));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Jobs_that_are_kept_do_not_hide_what_is_behind_them()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 1600);
        var leased = await queue.LeaseAsync(Some.Wish(1600));
        await Task.WhenAll(leased.Take(1500).Select(each => queue.FailAsync(each, retryable: false)));
        await Task.WhenAll(leased.Skip(1500).Select(queue.FinishAsync));
        queue.Time.Advance(TimeSpan.FromDays(10));
        Assert.Equal(100, await SweepAsync(queue, doneDays: 7, failedDays: 30));
        Assert.Equal(0, await SweepAsync(queue, doneDays: 7, failedDays: 30));
    }

    [Fact]
    public async Task Audit_entries_go_after_their_time()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.Store.PauseQueueAsync(acme, "old", null, null, Some.Actor(), Ct);
        queue.Time.Advance(TimeSpan.FromDays(300));
        await queue.Store.PauseQueueAsync(acme, "young", null, null, Some.Actor(), Ct);
        queue.Time.Advance(TimeSpan.FromDays(100));
        await SweepAsync(queue, 7, 7);
        Assert.Equal("young", Assert.Single(await queue.AuditAsync()).Target);
    }

    private static async Task<int> LinesAsync(TestQueue queue)
    {
        await using var db = await queue.Services.GetRequiredService<IDbContextFactory<JobQueueDb>>().CreateDbContextAsync(Ct);
        return await db.JobLogs.CountAsync(Ct);
    }
}
