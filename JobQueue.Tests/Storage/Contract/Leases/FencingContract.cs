using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Leases;

/// <summary>Only the holder of a lease writes about its job.</summary>
public abstract class FencingContract(StoreProvider provider) : StoreContract(provider)
{
    public static TheoryData<string> BadLeases => ["wrong secret", "other tenant", "settled", "released", "expired", "unknown job", "earlier attempt"];

    [Theory]
    [MemberData(nameof(BadLeases))]
    public async Task Lease_that_is_not_current_changes_nothing(string how)
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var job = await queue.SubmitAsync(acme);
        var leased = await queue.LeaseOneAsync();
        var (token, scope) = (leased.Token, (TenantId?)acme);
        switch (how)
        {
            case "wrong secret":
                token = token with { Secret = token.Secret ^ 1 };
                break;
            case "other tenant":
                scope = globex;
                break;
            case "settled":
                await queue.FinishAsync(leased);
                break;
            case "released":
                await queue.SettleAsync(leased, new JobOutcome.Released());
                break;
            case "expired":
                await queue.LiveAsync(TimeSpan.FromSeconds(29));
                // The reaper has not come yet, and the lease is over all the same.
                queue.Time.Advance(TimeSpan.FromSeconds(1.5));
                break;
            case "unknown job":
                token = token with { Job = JobId.Create(1, 1, 1) };
                break;
            case "earlier attempt":
                await queue.SettleAsync(leased, new JobOutcome.Released());
                await queue.LeaseOneAsync();
                break;
        }

        var (before, attempts) = (await queue.FindAsync(job.Id), await queue.OutcomesAsync(job.Id));
        foreach (var outcome in new[] { Some.Done, Some.Failure(), Some.Failure(retryable: false), new JobOutcome.Released() })
            Assert.Equal(SettleResult.LeaseLost, await queue.Store.SettleAsync(token, scope, outcome, Ct));
        Assert.Null(await queue.Store.HeartbeatAsync(token, scope, new JobProgress(50, "half"), ["line"], Ct));
        if (how != "other tenant")
            Assert.Equal(token, Assert.Single(await queue.Store.ExtendAsync([token], TimeSpan.FromHours(1), Ct)));

        Assert.Equivalent(before, await queue.FindAsync(job.Id), strict: true);
        Assert.Equal(attempts, await queue.OutcomesAsync(job.Id));
        Assert.Empty((await queue.Jobs.LogsAsync(null, job.Id, 0, 10, Ct))!.Items);
    }

    [Fact]
    public async Task Each_lease_has_a_secret_of_its_own()
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var secrets = new HashSet<long>();
        for (var i = 0; i < 20; i++)
        {
            var leased = await queue.LeaseOneAsync();
            Assert.True(leased.Token.Secret >= 0);
            Assert.True(secrets.Add(leased.Token.Secret));
            await queue.SettleAsync(leased, new JobOutcome.Released());
        }
    }

    [Fact]
    public async Task Two_settlements_at_once_count_once()
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            () => queue.SettleAsync(leased, i % 2 == 0 ? Some.Done : Some.Failure(retryable: false)), Ct)));
        Assert.Single(results, SettleResult.Settled);
        var total = await queue.Stats.TotalAsync(null, Ct);
        Assert.Equal(1, total.Done + total.Failed);
    }

    [Fact]
    public async Task Extend_names_those_that_are_lost_and_keeps_the_others()
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"), 3);
        var leased = await queue.LeaseAsync(Some.Wish(3, Some.Pool));
        await queue.FinishAsync(leased[1]);
        var lost = await queue.Store.ExtendAsync([.. leased.Select(each => each.Token)], TimeSpan.FromSeconds(60), Ct);
        Assert.Equal([leased[1].Token], lost);
        await queue.LiveAsync(TimeSpan.FromSeconds(59));
        Assert.Equal(2, (await queue.ListAsync(new() { Status = JobStatus.Running })).Count);
        await queue.LiveAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(await queue.ListAsync(new() { Status = JobStatus.Running }));
    }
}
