using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Processes;

/// <summary>Time is that of the database, whatever a process believes.</summary>
public abstract class OneClockContract(StoreProvider provider) : StoreContract(provider)
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Waits_last_as_long_as_was_asked_for_in_a_process_whose_clock_is_wrong(int hours)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var begins = queue.Time.GetUtcNow();
        queue.Time.SetOwnHands(TimeSpan.FromHours(hours));
        var delayed = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 5 * Second });
        var retried = await queue.SubmitAsync(acme);
        Assert.Equal((begins, begins + (5 * Second)), (delayed.CreatedAt, delayed.RunAt));
        await queue.FailAsync(await queue.LeaseOneAsync());
        var wait = (await queue.FindAsync(retried.Id)).RunAt - begins;

        Assert.InRange(wait, 3 * Second, 7 * Second);
        await queue.LiveAsync(2 * Second);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(2)));
        await queue.LiveAsync(5 * Second);
        Assert.Equal([retried.Id, delayed.Id], (await queue.LeaseAsync(Some.Wish(2))).Select(leased => leased.Job.Id).OrderDescending());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Leases_and_quotas_last_as_long_as_they_do_in_a_process_whose_clock_is_wrong(int hours)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 3, null));
        await queue.SubmitAsync(acme, 2);
        var leased = await queue.LeaseOneAsync();
        queue.Time.SetOwnHands(TimeSpan.FromHours(hours));
        await queue.SubmitAsync(acme);
        Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));

        await queue.LiveAsync(TimeSpan.FromSeconds(29));
        Assert.Equal((JobStatus.Running, 0), await StatusAsync(queue, leased));
        Assert.NotNull(await queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct));
        await queue.LiveAsync(TimeSpan.FromSeconds(29));
        Assert.Equal((JobStatus.Running, 0), await StatusAsync(queue, leased));
        Assert.Equal(3, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        await queue.LiveAsync(TimeSpan.FromSeconds(3));
        Assert.Equal((JobStatus.Pending, 1), await StatusAsync(queue, leased));
        Assert.Equal(0, (await queue.UsageAsync(acme)).AcceptedLastMinute);
    }

    [Fact]
    public async Task Restart_of_one_process_changes_no_lease_of_a_remote_worker()
    {
        await using var servers = await StartServersAsync(2);
        await servers[0].SubmitAsync(await servers[0].TenantAsync("acme"));
        var leased = await servers[0].LeaseOneAsync();
        await servers.LiveAsync(TimeSpan.FromSeconds(20));

        await servers[0].RestartAsync();

        await servers.LiveAsync(TimeSpan.FromSeconds(9));
        Assert.NotNull(await servers[1].Store.HeartbeatAsync(leased.Token, null, null, [], Ct));
        await servers.LiveAsync(TimeSpan.FromSeconds(29));
        await servers[0].FinishAsync(leased);
    }
}
