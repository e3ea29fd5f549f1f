using System.Collections.Concurrent;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Processes;

/// <summary>Processes that die while others live.</summary>
public abstract class DeathsContract(StoreProvider provider) : StoreContract(provider)
{
    /// <summary>Longer than any lease here, and than it takes to know that a process is dead.</summary>
    private static readonly TimeSpan UntilAllIsKnown = TimeSpan.FromSeconds(61);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Processes_that_are_killed_in_turn_lose_nothing_that_was_acknowledged_and_finish_nothing_twice(int processes)
    {
        await using var servers = await StartServersAsync(processes);
        var acme = await servers[0].TenantAsync("acme");
        var (acknowledged, ended) = (new ConcurrentBag<JobId>(), new ConcurrentBag<JobId>());
        for (var victim = processes - 1; victim > 0; victim--)
        {
            var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var load = Enumerable.Range(0, 4).Select(worker => Task.Run(() => LiveUntilCutOffAsync(servers, victim, acme, acknowledged, ended, busy), Ct)).ToList();
            await busy.Task.WaitAsync(Soon, Ct);
            var orphans = await servers[victim].LeaseAsync(Some.Wish(3, servers.Worker(victim)));
            await servers.CutOffAsync(victim);

            await servers.PassAsync(Task.WhenAll(load));
            await servers.LiveAsync(UntilAllIsKnown);
            foreach (var orphan in orphans)
            {
                Assert.Equal((JobStatus.Pending, 1), await StatusAsync(servers[0], orphan));
                Assert.Equal(SettleResult.LeaseLost, await servers[0].SettleAsync(orphan, Some.Done));
            }

            while (await servers[0].LeaseAsync(Some.Wish(100)) is { Count: > 0 } leased)
            {
                foreach (var each in leased)
                {
                    await servers[0].FinishAsync(each);
                    ended.Add(each.Job.Id);
                }
            }
        }

        Assert.Equal(ended.Count, ended.Distinct().Count());
        var jobs = await servers[0].ListAsync(new());
        Assert.All(jobs, job => Assert.Equal(JobStatus.Done, job.Status));
        Assert.Superset(acknowledged.ToHashSet(), jobs.Select(job => job.Id).ToHashSet());
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task Limit_is_free_again_when_the_process_that_used_it_up_is_dead()
    {
        await using var servers = await StartServersAsync(2);
        var acme = await servers[0].TenantAsync("acme", new TenantLimits(2, null, null));
        await servers[0].SubmitAsync(acme, 4);
        Assert.Equal(2, (await servers[1].LeaseAsync(Some.Wish(4, servers.Worker(1)))).Count);
        Assert.Empty(await servers[0].LeaseAsync(Some.Wish(4)));

        await servers.CutOffAsync(1);
        var wish = servers[0].LeaseAsync(PatientWish with { Slots = 4, Duration = TimeSpan.FromHours(1) });
        await servers.LiveAsync(UntilAllIsKnown);

        Assert.Equal(2, (await wish.WaitAsync(Soon, Ct)).Count);
        Assert.Empty(await servers[0].LeaseAsync(Some.Wish(4)));
    }

    [Fact]
    public async Task Remote_worker_of_a_dead_process_goes_on_at_another()
    {
        await using var servers = await StartServersAsync(2);
        var job = await servers[0].SubmitAsync(await servers[0].TenantAsync("acme"));
        var leased = await servers[1].LeaseOneAsync();

        await servers.CutOffAsync(1);
        await servers.LiveAsync(TimeSpan.FromSeconds(20));

        Assert.NotNull(await servers[0].Store.HeartbeatAsync(leased.Token, null, null, [], Ct));
        await servers.LiveAsync(TimeSpan.FromSeconds(20));
        await servers[0].FinishAsync(leased);
        Assert.Equal([AttemptOutcome.Done], await servers[0].OutcomesAsync(job.Id));
    }

    [Fact]
    public async Task Process_that_cannot_reach_the_database_says_so_to_its_callers()
    {
        await using var servers = await StartServersAsync(2);
        var acme = await servers[0].TenantAsync("acme");
        await servers[1].SubmitAsync(acme);
        var leased = await servers[1].LeaseOneAsync();

        await servers.CutOffAsync(1);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => servers.PassAsync(servers[1].Store.SubmitAsync(Some.Submission(acme), Ct)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => servers.PassAsync(servers[1].SettleAsync(leased, Some.Done)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => servers.PassAsync(servers[1].LeaseAsync(Some.Wish())));
        Assert.Equal(SettleResult.Settled, await servers[0].SettleAsync(leased, Some.Done));
    }

    [Fact]
    public async Task Commit_whose_answer_was_lost_is_replayed_by_its_key_elsewhere()
    {
        await using var servers = await StartServersAsync(3);
        var acme = await servers[0].TenantAsync("acme");
        for (var victim = 2; victim > 0; victim--)
        {
            var (tried, known) = (new ConcurrentBag<string>(), new ConcurrentDictionary<string, JobId>());
            var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var load = Enumerable.Range(0, 8).Select(caller => Task.Run(
                async () =>
                {
                    for (var i = 1; ; i++)
                    {
                        var key = $"{victim}-{caller}-{i}";
                        tried.Add(key);
                        try
                        {
                            known[key] = (await servers[victim].SubmitAsync(Some.Keyed(acme, key))).Id;
                        }
                        catch (StoreUnavailableException)
                        {
                            return i;
                        }

                        if (i == 20)
                            busy.TrySetResult();
                    }
                },
                Ct)).ToList();
            await busy.Task.WaitAsync(Soon, Ct);
            await servers.CutOffAsync(victim);
            await servers.PassAsync(Task.WhenAll(load));

            foreach (var key in tried)
            {
                var again = await servers[0].Store.SubmitAsync(Some.Keyed(acme, key), Ct);
                if (known.TryGetValue(key, out var id))
                    Assert.Equal(new SubmitResult.Replayed(id), again);
            }

            Assert.Equal(tried.Count, (await servers[0].ListAsync(new() { Text = $"{victim}-" })).Count(job => job.IdempotencyKey!.StartsWith($"{victim}-", StringComparison.Ordinal)));
        }
    }

    /// <summary>Submits, leases and finishes at a server until it cannot be reached any more.</summary>
    private static async Task<int> LiveUntilCutOffAsync(
        Servers servers, int victim, TenantId tenant, ConcurrentBag<JobId> acknowledged, ConcurrentBag<JobId> ended, TaskCompletionSource busy)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                acknowledged.Add((await servers[victim].SubmitAsync(tenant)).Id);
                acknowledged.Add((await servers[victim].SubmitAsync(tenant)).Id);
                foreach (var leased in await servers[victim].LeaseAsync(Some.Wish(1, servers.Worker(victim))))
                {
                    if (await servers[victim].SettleAsync(leased, Some.Done) == SettleResult.Settled)
                        ended.Add(leased.Job.Id);
                }
            }
            catch (StoreUnavailableException)
            {
                return i;
            }

            if (i == 10)
                busy.TrySetResult();
        }
    }
}
