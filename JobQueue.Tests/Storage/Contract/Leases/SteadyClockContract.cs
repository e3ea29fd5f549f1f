using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Leases;

/// <summary>
/// What a store promises that has one process and tells time that goes by from a clock that is set. Where several share a database,
/// its clock is everybody's.
/// </summary>
public abstract class SteadyClockContract(StoreProvider provider) : StoreContract(provider)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Wait_asked_for_in_seconds_lasts_as_long_whatever_the_clock_is_set_to(int hours)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var retried = await queue.SubmitAsync(acme);
        await queue.FailAsync(await queue.LeaseOneAsync());
        var wait = (await queue.FindAsync(retried.Id)).RunAt - queue.Time.GetUtcNow();
        var delayed = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 5 * Second });
        var tomorrow = await queue.SubmitAsync(Some.Submission(acme) with { RunAt = queue.Time.GetUtcNow() + TimeSpan.FromDays(1) });

        queue.Time.SetHands(hours * Hour);
        await queue.LiveAsync(2 * Second);

        var now = queue.Time.GetUtcNow();
        Assert.Equal(now + (3 * Second), (await queue.FindAsync(delayed.Id)).RunAt);
        Assert.Equal(now + wait - (2 * Second), (await queue.FindAsync(retried.Id)).RunAt);
        Assert.Equal(tomorrow.RunAt, (await queue.FindAsync(tomorrow.Id)).RunAt);
        await StoreChecks.CountersMatchRowsAsync(queue);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(3)));
        await queue.LiveAsync(5 * Second);
        Assert.Equal([retried.Id, delayed.Id], (await queue.LeaseAsync(Some.Wish(3))).Select(leased => leased.Job.Id).Order());
    }

    [Fact]
    public async Task Clock_that_is_set_while_a_write_is_undone_is_followed_all_the_same()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var delayed = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 5 * Second });
        queue.Time.SetHands(-Hour);
        await Assert.ThrowsAnyAsync<Exception>(() => queue.Store.SubmitAsync(Some.Submission(acme) with { MaxRetries = -1 }, Ct));
        await queue.Store.ReapAsync(Ct);
        Assert.Equal(queue.Time.GetUtcNow() + (5 * Second), (await queue.FindAsync(delayed.Id)).RunAt);
    }

    [Fact]
    public async Task No_restart_makes_a_wait_longer_than_it_was_asked_for()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var delayed = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 5 * Second });
        await queue.StopAsync();
        queue.Time.SetHands(-Hour);
        await queue.RestartAsync();
        Assert.Equal(queue.Time.GetUtcNow() + (5 * Second), (await queue.FindAsync(delayed.Id)).RunAt);
        await queue.LiveAsync(5 * Second);
        Assert.Equal(delayed.Id, (await queue.LeaseOneAsync()).Job.Id);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Attempt_lasted_as_long_as_it_did_whatever_the_clock_was_set_to(int hours)
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var done = new TaskCompletionSource<JobEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var following = queue.Feed.Subscribe("test", batch =>
        {
            if (batch.FirstOrDefault(each => each.Kind == JobEventKind.Done) is { } ended)
                done.TrySetResult(ended);
        });
        var leased = await queue.LeaseOneAsync();
        await queue.LiveAsync(Second);
        queue.Time.SetHands(hours * Hour);
        await queue.LiveAsync(2 * Second);
        Assert.Equal(queue.Time.GetUtcNow() - (3 * Second), (await queue.FindAsync(job.Id)).StartedAt);
        await queue.FinishAsync(leased);

        var ended = await queue.FindAsync(job.Id);
        Assert.Equal(3 * Second, ended.FinishedAt - ended.StartedAt);
        Assert.Equal(3 * Second, (await done.Task.WaitAsync(Soon, Ct)).Duration);
    }

    [Fact]
    public async Task Nothing_of_the_future_counts_towards_a_limit_after_a_restart()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 3, null));
        await queue.SubmitAsync(acme, 3);
        queue.Time.SetHands(-Hour);
        Assert.Equal(3, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        await queue.RestartAsync();
        Assert.Equal(0, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        await queue.SubmitAsync(acme, 2);
        await queue.RestartAsync();
        Assert.Equal(2, (await queue.UsageAsync(acme)).AcceptedLastMinute);
    }

    [Fact]
    public async Task Remote_leases_survive_a_restart_with_a_full_period()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        await queue.LiveAsync(TimeSpan.FromSeconds(25));

        await using var next = await queue.StartAfterCrashAsync(downFor: TimeSpan.FromMinutes(2));

        var running = await next.FindAsync(job.Id);
        Assert.Equal((JobStatus.Running, 0), (running.Status, running.Crashes));
        Assert.Equal(next.Time.GetUtcNow() + TimeSpan.FromSeconds(30), running.LeaseExpiresAt);
        await next.LiveAsync(TimeSpan.FromSeconds(29));
        Assert.NotNull(await next.Store.HeartbeatAsync(leased.Token, null, null, [], Ct));
        await next.LiveAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(SettleResult.Settled, await next.SettleAsync(leased, Some.Done));
    }

    [Fact]
    public async Task Process_that_stood_still_takes_no_lease_back_at_once()
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"), 3);
        var leased = await queue.LeaseAsync(Some.Wish(3));
        await queue.LiveAsync(TimeSpan.FromSeconds(5));

        queue.Time.Advance(TimeSpan.FromMinutes(1));

        // A heartbeat and an answer that arrive before the reaper are as good as after it.
        Assert.NotNull(await queue.Store.HeartbeatAsync(leased[0].Token, null, null, [], Ct));
        Assert.Equal(SettleResult.Settled, await queue.SettleAsync(leased[1], Some.Done));
        Assert.Equal(0, await queue.Store.ReapAsync(Ct));
        await queue.LiveAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(JobStatus.Running, (await queue.FindAsync(leased[2].Job.Id)).Status);
        await queue.LiveAsync(Second);
        Assert.Equal(JobStatus.Pending, (await queue.FindAsync(leased[2].Job.Id)).Status);
    }

    [Fact]
    public async Task Clock_that_is_set_expires_nothing()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        await queue.LeaseOneAsync();
        await queue.Store.ReapAsync(Ct);
        queue.Time.SetHands(TimeSpan.FromDays(1));
        Assert.Equal(0, await queue.Store.ReapAsync(Ct));
        queue.Time.SetHands(-TimeSpan.FromDays(2));
        Assert.Equal(0, await queue.Store.ReapAsync(Ct));
        Assert.Equal(JobStatus.Running, (await queue.FindAsync(job.Id)).Status);
    }

    [Fact]
    public async Task Rollback_keeps_the_window_of_the_limit_whatever_is_done_to_the_wall_clock()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 5, null));
        await queue.SubmitAsync(acme, 2);
        await queue.LiveAsync(Second);
        await queue.SubmitAsync(acme);
        queue.Time.SetHands(TimeSpan.FromHours(1));

        await Assert.ThrowsAnyAsync<Exception>(() => queue.Store.SubmitManyAsync(
            [Some.Submission(acme), Some.Submission(acme) with { MaxRetries = -1 }], Ct));

        Assert.Equal(3, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        await queue.LiveAsync(TimeSpan.FromSeconds(59.5));
        Assert.Equal(1, (await queue.UsageAsync(acme)).AcceptedLastMinute);
    }
}
