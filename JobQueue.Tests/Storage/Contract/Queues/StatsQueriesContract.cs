using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Queues;

/// <summary>Counts, rates and charts.</summary>
public abstract class StatsQueriesContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Oldest_ready_job_counts_whatever_its_priority_and_lane()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        Assert.Null((await queue.Stats.TotalAsync(null, Ct)).OldestReady);
        await queue.SubmitAsync(Some.Submission(acme) with { Priority = -7 });
        queue.Time.Advance(TimeSpan.FromSeconds(10));
        await queue.SubmitAsync(Some.Submission(acme) with { Priority = 100 });
        await queue.SubmitAsync(Some.Submission(acme) with { Queue = "other" });
        await queue.SubmitAsync(globex);
        queue.Time.Advance(TimeSpan.FromSeconds(5));
        await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromHours(1) });

        Assert.Equal(TimeSpan.FromSeconds(15), (await queue.Stats.TotalAsync(acme, Ct)).OldestReady);
        Assert.Equal(TimeSpan.FromSeconds(5), (await queue.Stats.TotalAsync(globex, Ct)).OldestReady);
        Assert.Equal(TimeSpan.FromSeconds(15), (await queue.Stats.TotalAsync(null, Ct)).OldestReady);
        var queues = (await queue.Queues.PageAsync(acme, null, 50, Ct)).Items;
        Assert.Equal([("default", 15.0), ("other", 5.0)], queues.Select(each => (each.Name, each.Counts.OldestReady!.Value.TotalSeconds)));
    }

    [Fact]
    public async Task Rates_are_of_the_last_minute_and_charts_have_every_minute()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 4);
        queue.Time.Advance(TimeSpan.FromSeconds(2));
        var leased = await queue.LeaseAsync(Some.Wish(4));
        queue.Time.Advance(TimeSpan.FromSeconds(3));
        await queue.FinishAsync(leased[0]);
        await queue.FinishAsync(leased[1]);
        await queue.FailAsync(leased[2], retryable: false);
        await queue.FailAsync(leased[3]);
        var total = await queue.Stats.TotalAsync(acme, Ct);
        Assert.Equal((2.0, 1.0), (total.DonePerMinute, total.FailedPerMinute));
        queue.Time.Advance(TimeSpan.FromSeconds(85));
        Assert.Equal(1.0, (await queue.Stats.TotalAsync(acme, Ct)).DonePerMinute, 1);
        var minutes = await queue.Stats.MinutesAsync(acme, 3, Ct);
        Assert.Equal([(0, 0, 0, 0), (4, 2, 1, 1), (0, 0, 0, 0)], minutes.Select(minute => (minute.Submitted, minute.Done, minute.Failed, minute.Retried)));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)), (minutes[1].MeanWait, minutes[1].MeanRun));
        queue.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0.0, (await queue.Stats.TotalAsync(acme, Ct)).DonePerMinute);
    }

    [Fact]
    public async Task What_happened_in_each_minute_stays_known_over_a_crash()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 3);
        await queue.FinishAsync((await queue.LeaseAsync(Some.Wish(1)))[0]);
        queue.Time.Advance(TimeSpan.FromMinutes(1));
        await queue.SubmitAsync(acme, 2);
        await using var next = await queue.StartAfterCrashAsync(TimeSpan.FromSeconds(1));
        await next.SubmitAsync(acme);
        next.Time.Advance(TimeSpan.FromMinutes(2));
        await next.SubmitAsync(acme);

        var minutes = await next.Stats.MinutesAsync(acme, 5, Ct);
        Assert.Equal([(0, 0), (3, 1), (3, 0), (0, 0), (1, 0)], minutes.Select(minute => (minute.Submitted, minute.Done)));
        Assert.Equal(minutes, await next.Stats.MinutesAsync(null, 5, Ct));
        Assert.All(await next.Stats.MinutesAsync(await next.TenantAsync("globex"), 5, Ct), minute => Assert.Equal(0, minute.Submitted));
    }

    [Fact]
    public async Task Every_job_is_counted_in_one_place_while_jobs_move()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 600);
        var working = Task.Run(
            async () =>
            {
                while (await queue.LeaseAsync(Some.Wish(20)) is { Count: > 0 } leased)
                    await Task.WhenAll(leased.Select((each, i) => i % 2 == 0 ? queue.FinishAsync(each) : queue.FailAsync(each, retryable: false)));
            },
            Ct);
        while (!working.IsCompleted)
        {
            var total = await queue.Stats.TotalAsync(acme, Ct);
            Assert.Equal(600, total.Pending + total.Running + total.Done + total.Failed);
        }

        await working;
        var end = await queue.Stats.TotalAsync(null, Ct);
        Assert.Equal((0, 0, 300, 300, 300), (end.Pending, end.Running, end.Done, end.Failed, end.DeadLettered));
    }
}
