using JobQueue.Access.Bootstrap;
using JobQueue.Access.Tokens;
using JobQueue.Access.Users;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Processes;

/// <summary>What several processes want at once one of them gets.</summary>
public abstract class RacesContract(StoreProvider provider) : StoreContract(provider)
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Racing_repeats_make_one_job(int processes)
    {
        await using var servers = await StartServersAsync(processes);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 10; round++)
        {
            var key = $"race-{round}";
            var results = await servers.RaceAsync(32, (server, _) => server.Store.SubmitAsync(Some.Keyed(acme, key), Ct));
            var job = Assert.Single(results.OfType<SubmitResult.Accepted>()).Job;
            Assert.All(results.Where(result => result is not SubmitResult.Accepted), result => Assert.Equal(new SubmitResult.Replayed(job.Id), result));
        }

        Assert.Equal(10, (await servers[processes - 1].LeaseAsync(Some.Wish(100))).Count);
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task Racing_requests_with_one_key_and_different_content_make_one_job()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 10; round++)
        {
            var key = $"race-{round}";
            var results = await servers.RaceAsync(16, (server, i) => server.Store.SubmitAsync(Some.Keyed(acme, key, $"[{i % 4}]"), Ct));
            var job = Assert.Single(results.OfType<SubmitResult.Accepted>()).Job;
            Assert.Equal(3, results.OfType<SubmitResult.Replayed>().Count(replayed => replayed.Id == job.Id));
            Assert.Equal(12, results.OfType<SubmitResult.KeyReused>().Count(reused => reused.Id == job.Id));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Each_job_is_leased_once(int processes)
    {
        await using var servers = await StartServersAsync(processes);
        var acme = await servers[0].TenantAsync("acme");
        await servers[0].SubmitAsync(acme, 400);

        var leased = (await servers.RaceAsync(40, (server, i) => server.LeaseAsync(Some.Wish(1 + (i % 20))))).SelectMany(jobs => jobs).ToList();
        while (await servers[processes - 1].LeaseAsync(Some.Wish(20)) is { Count: > 0 } rest)
            leased.AddRange(rest);

        Assert.Equal(400, leased.Count);
        Assert.Equal(400, leased.Select(each => each.Job.Id).Distinct().Count());
        Assert.Equal(400, (await servers.RaceAsync(400, (server, i) => server.SettleAsync(leased[i], Some.Done))).Count(result => result == SettleResult.Settled));
        Assert.Equal((0, 400), (await servers[1].Stats.TotalAsync(acme, Ct)) is var total ? (total.Pending + total.Running, total.Done) : default);
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Lease_is_settled_once(int processes)
    {
        await using var servers = await StartServersAsync(processes);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 10; round++)
        {
            var job = await servers[round % processes].SubmitAsync(acme);
            var leased = await servers[(round + 1) % processes].LeaseOneAsync();
            var results = await servers.RaceAsync(16, (server, i) => server.SettleAsync(leased, i % 3 == 0 ? Some.Done : Some.Failure(retryable: false)));
            Assert.Single(results, SettleResult.Settled);
            Assert.Single(await servers[0].OutcomesAsync(job.Id));
        }

        var total = await servers[0].Stats.TotalAsync(acme, Ct);
        Assert.Equal(10, total.Done + total.Failed);
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task Lease_that_ran_out_is_one_crash_whoever_looks()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme");
        await servers[0].SubmitAsync(acme, 50);
        var leased = await servers[1].LeaseAsync(Some.Wish(50));
        Assert.Equal(50, leased.Count);
        await servers.LiveAsync(TimeSpan.FromSeconds(29));
        servers.Time.Advance(2 * Second);

        await servers.RaceAsync(16, (server, _) => server.Store.ReapAsync(Ct));

        foreach (var each in leased)
            Assert.Equal((JobStatus.Pending, 1), await StatusAsync(servers[2], each));
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task End_and_reaper_do_not_both_win()
    {
        await using var servers = await StartServersAsync(2);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 10; round++)
        {
            var job = await servers[0].SubmitAsync(acme);
            var leased = await servers[1].LeaseOneAsync();
            await servers.LiveAsync(TimeSpan.FromSeconds(29));
            servers.Time.Advance(TimeSpan.FromSeconds(1.5));

            var reaped = servers[0].Store.ReapAsync(Ct);
            var settled = await servers[1].SettleAsync(leased, Some.Done);
            await reaped;
            await servers.LiveAsync(Second);

            Assert.Equal(SettleResult.LeaseLost, settled);
            Assert.Equal([AttemptOutcome.Crashed], await servers[0].OutcomesAsync(job.Id));
            await servers[0].Store.CancelAsync(job.Id, Some.Actor(), Ct);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Dead_letter_is_requeued_once(int processes)
    {
        await using var servers = await StartServersAsync(processes);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 5; round++)
        {
            var dead = await servers[0].SubmitDeadAsync(Some.Submission(acme));
            var results = await servers.RaceAsync(16, (server, i) => (i % 4) switch
            {
                0 => server.Store.RetryAsync(dead.Id, Some.Actor(), Ct),
                1 => BulkAsync(server),
                2 => server.Store.DiscardAsync(dead.Id, Some.Actor(), Ct),
                _ => server.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct),
            });

            // A job that was discarded may be retried all the same: it failed.
            Assert.InRange(results.Count(result => result == ControlResult.Changed), 1, 2);
            Assert.False(await servers[0].IsDeadLetterAsync(dead.Id));
            await StoreChecks.CountersMatchRowsAsync(servers[0]);
            foreach (var leased in await servers[1].LeaseAsync(Some.Wish(10)))
                await servers[1].FinishAsync(leased);
        }

        static async Task<ControlResult> BulkAsync(TestQueue server) =>
            (await server.Store.RequeueManyAsync(new DeadLetterFilter(), dryRun: false, Some.Actor(), Ct)).Changed > 0
                ? ControlResult.Changed
                : ControlResult.WrongState;
    }

    [Fact]
    public async Task Bulk_commands_of_all_change_each_dead_letter_once()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme");
        await servers[0].SubmitAsync(acme, 1200);
        var leased = await servers[0].LeaseAsync(Some.Wish(1200));
        Assert.Equal(1200, leased.Count);
        await Task.WhenAll(leased.Select(each => servers[0].FailAsync(each, retryable: false)));

        var requeues = servers.RaceAsync(3, (server, _) => server.Store.RequeueManyAsync(new DeadLetterFilter(), false, Some.Actor(), Ct));
        var discard = Task.Run(() => servers[3].Store.DiscardManyAsync(new DeadLetterFilter(), false, Some.Actor(), Ct), Ct);
        var requeued = (await requeues).Sum(result => result.Changed);

        Assert.Equal(1200, requeued + (await discard).Changed);
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task Cancel_and_lease_do_not_both_have_a_pending_job()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 10; round++)
        {
            var job = await servers[round % 4].SubmitAsync(acme);
            var cancels = servers.RaceAsync(4, (server, _) => server.Store.CancelAsync(job.Id, Some.Actor(), Ct));
            var leased = (await servers.RaceAsync(4, (server, _) => server.LeaseAsync(Some.Wish()))).SelectMany(jobs => jobs).ToList();

            var cancelled = await cancels;
            if (leased.Count == 0)
            {
                Assert.Single(cancelled, ControlResult.Changed);
            }
            else
            {
                Assert.DoesNotContain(ControlResult.Changed, cancelled);
                await servers[0].FinishAsync(Assert.Single(leased));
            }
        }

        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task One_first_administrator_is_made()
    {
        await using var servers = await StartServersAsync(4, builder => builder.Services.AddSingleton<Passwords>());

        var results = await servers.RaceAsync(8, (server, i) => server.Services.GetRequiredService<IAccounts>().CreateFirstAsync(
            new NewUser($"admin{i}", "correct horse", Roles.Administrator, "acme", Demo: false), Some.Actor(), Ct));

        Assert.Single(results, result => result is SetupResult.Created);
        foreach (var server in servers.All)
            Assert.Single(await server.Services.GetRequiredService<IAccounts>().ListAsync(Ct));
    }

    [Fact]
    public async Task Name_is_given_once()
    {
        await using var servers = await StartServersAsync(4, builder => builder.Services.AddSingleton<Passwords>());

        var users = await servers.RaceAsync(8, (server, _) => server.Services.GetRequiredService<IAccounts>().CreateAsync(
            new NewUser("ada", "correct horse", Roles.Member, "acme", Demo: false), Some.Actor(), Ct));

        Assert.Single(users, user => user is not null);
        Assert.Single(await servers[0].Services.GetRequiredService<IAccounts>().ListAsync(Ct));
    }

    [Fact]
    public async Task Tenant_that_several_need_is_made_once()
    {
        await using var servers = await StartServersAsync(4);

        await servers.RaceAsync(16, (server, i) => server.Services.GetRequiredService<ITokens>().CreateAsync(
            new NewTokenRequest("acme", $"token {i}", ["jobs:read"], null, "test", Demo: false, Secret: null, RemoteAddress: null), Ct));

        Assert.Equal(["acme"], (await servers[0].Services.GetRequiredService<TenantStore>().ListAsync(Ct)).Select(tenant => tenant.Name));
    }

    [Fact]
    public async Task Of_two_administrators_who_demote_each_other_one_stays()
    {
        await using var servers = await StartServersAsync(2, builder => builder.Services.AddSingleton<Passwords>());
        foreach (var name in new[] { "ada", "bob" })
        {
            Assert.NotNull(await servers[0].Services.GetRequiredService<IAccounts>().CreateAsync(
                new NewUser(name, "correct horse", Roles.Administrator, "acme", Demo: false), Some.Actor(), Ct));
        }

        var results = await servers.RaceAsync(2, (server, i) => server.Services.GetRequiredService<IAccounts>().ChangeAsync(
            i == 0 ? "ada" : "bob", new UserChanges(Role: Roles.Member), Some.Actor(), Ct));

        Assert.Equal([UserChangeResult.Changed, UserChangeResult.LastAdministrator], results.Order());
    }

    [Fact]
    public async Task Lanes_that_several_open_at_once_are_one()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme");

        var jobs = await servers.RaceAsync(64, (server, i) => server.SubmitAsync(Some.Submission(acme) with { Queue = $"q{i % 3}", Type = $"t{i / 4 % 2}" }));

        Assert.Equal(64, jobs.Select(job => job.Id).Distinct().Count());
        Assert.Equal(3, (await servers[3].Queues.PageAsync(acme, null, 50, Ct)).Items.Count);
        Assert.Equal(64, (await servers[3].LeaseAsync(Some.Wish(100))).Count);
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }
}
