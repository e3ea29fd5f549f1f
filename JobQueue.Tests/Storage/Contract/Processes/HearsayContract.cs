using System.Collections.Concurrent;
using JobQueue.Access.Tokens;
using JobQueue.Access.Users;
using JobQueue.Handlers;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using JobQueue.Workers;
using JobQueue.Workers.Pool;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobQueue.Tests.Storage.Contract.Processes;

/// <summary>What one process does the others hear of, without asking and without the clock.</summary>
public abstract class HearsayContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Job_submitted_in_one_is_leased_by_a_worker_that_waits_in_another()
    {
        await using var servers = await StartServersAsync(2);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 5; round++)
        {
            var wish = servers[1].LeaseAsync(PatientWish);
            await servers[1].Store.ReapAsync(Ct);
            Assert.False(wish.IsCompleted);

            var job = await servers[0].SubmitAsync(acme);

            Assert.Equal(job.Id, Assert.Single(await wish.WaitAsync(Soon, Ct)).Job.Id);
        }
    }

    [Fact]
    public async Task Waiting_wish_is_answered_by_whatever_another_makes_runnable()
    {
        await using var servers = await StartServersAsync(2);
        var (here, there) = (servers[0], servers[1]);
        var acme = await here.TenantAsync("acme", new TenantLimits(1, null, null));
        async Task Expect(Func<Task> cause)
        {
            var wish = there.LeaseAsync(PatientWish);
            await there.Store.ReapAsync(Ct);
            Assert.False(wish.IsCompleted);
            await cause();
            await there.FinishAsync(Assert.Single(await wish.WaitAsync(Soon, Ct)));
        }

        await here.Store.PauseQueueAsync(acme, "default", null, null, Some.Actor(), Ct);
        await UntilPausedAsync(there, acme, "default");
        await here.SubmitAsync(acme);
        await Expect(() => here.Store.ResumeQueueAsync(acme, "default", Some.Actor(), Ct));
        await here.SubmitAsync(acme, 2);
        var running = await here.LeaseOneAsync();
        await Expect(() => here.FinishAsync(running));
        await here.SubmitAsync(acme, 2);
        running = await here.LeaseOneAsync();
        await Expect(() => here.SettleAsync(running, new JobOutcome.Released()));
        await here.FinishAsync(await here.LeaseOneAsync());
        await here.SubmitAsync(acme, 2);
        await here.LeaseOneAsync();
        await Expect(() => here.SetLimitsAsync(acme, new TenantLimits(2, null, null)));
        var dead = await here.SubmitDeadAsync(Some.Submission(acme));
        await Expect(() => here.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct));
        await here.SubmitAsync(Some.Submission(acme) with { Delay = Second });
        await Expect(async () =>
        {
            servers.Time.Advance(Second);
            await here.Store.ReapAsync(Ct);
        });
        await StoreChecks.CountersMatchRowsAsync(here);
    }

    [Fact]
    public async Task Queue_paused_in_one_is_not_leased_from_in_the_others_until_one_resumes_it()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme");
        await servers.RaceAsync(8, (server, _) => server.SubmitAsync(acme));
        var other = await servers[0].SubmitAsync(Some.Submission(acme) with { Queue = "other" });

        await servers[1].Store.PauseQueueAsync(acme, "default", "flood", null, Some.Actor(), Ct);

        foreach (var server in servers.All)
            await UntilPausedAsync(server, acme, "default");
        var leased = (await servers.RaceAsync(8, (server, _) => server.LeaseAsync(Some.Wish(10)))).SelectMany(jobs => jobs);
        Assert.Equal(other.Id, Assert.Single(leased).Job.Id);
        foreach (var server in servers.All)
            Assert.Equal("flood", (await server.Board.PauseOfAsync(acme, "default", Ct))?.Reason);

        var wish = servers[2].LeaseAsync(PatientWish with { Slots = 10 });
        await servers[3].Store.ResumeQueueAsync(acme, "default", Some.Actor(), Ct);

        Assert.Equal(8, (await wish.WaitAsync(Soon, Ct)).Count);
        foreach (var server in servers.All)
            Assert.Null(await server.Board.PauseOfAsync(acme, "default", Ct));
    }

    [Fact]
    public async Task Waiting_wishes_of_all_share_what_comes()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 20; round++)
        {
            var wishes = servers.All.SelectMany(server => Enumerable.Range(0, 5).Select(_ => server.LeaseAsync(PatientWish))).ToList();

            await servers.RaceAsync(20, (server, _) => server.SubmitAsync(acme));

            var leased = (await Task.WhenAll(wishes).WaitAsync(Soon, Ct)).SelectMany(jobs => jobs).ToList();
            Assert.Equal(20, leased.Select(each => each.Job.Id).Distinct().Count());
            await servers.RaceAsync(20, (server, i) => server.SettleAsync(leased[i], Some.Done));
        }

        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task Limits_changed_in_one_hold_in_all()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme");
        // Every process knows the tenant as it was.
        await servers.RaceAsync(8, (server, _) => server.SubmitAsync(acme));
        Assert.Equal(2, (await servers.RaceAsync(2, (server, _) => server.LeaseOneAsync())).Length);

        await servers[0].SetLimitsAsync(acme, new TenantLimits(3, 9, null));

        foreach (var server in servers.All)
            await Eventually.True(async () => (await server.Board.UsageOfAsync(acme, Ct)).Limits == new TenantLimits(3, 9, null), "it knows");
        Assert.Single(await servers.RaceAsync(16, (server, _) => server.Store.SubmitAsync(Some.Submission(acme), Ct)), result => result is SubmitResult.Accepted);
        Assert.Single((await servers.RaceAsync(16, (server, _) => server.LeaseAsync(Some.Wish(2)))).SelectMany(jobs => jobs));

        await servers[1].SetLimitsAsync(acme, new TenantLimits(5, 12, null));

        await Eventually.True(async () => (await servers[3].Store.SubmitAsync(Some.Submission(acme), Ct)) is SubmitResult.Accepted, "it knows");
        Assert.Equal(2, (await servers[2].LeaseAsync(Some.Wish(10) with { Wait = Soon }).WaitAsync(Soon, Ct)).Count);
    }

    [Fact]
    public async Task Cancel_in_one_reaches_the_holder_in_another()
    {
        await using var servers = await StartServersAsync(2);
        var job = await servers[0].SubmitAsync(await servers[0].TenantAsync("acme"));
        var leased = await servers[1].LeaseOneAsync(servers.Worker(1));
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var following = servers[1].Feed.SubscribeToAll("test", batch =>
        {
            if (batch.Events.Any(happened => happened.Kind == JobEventKind.CancelRequested && happened.JobId == job.Id))
                told.TrySetResult();
        });

        Assert.Equal(ControlResult.CancelRequested, await servers[0].Store.CancelAsync(job.Id, Some.Actor(), Ct));

        await told.Task.WaitAsync(Soon, Ct);
        Assert.True((await servers[1].Store.HeartbeatAsync(leased.Token, null, null, [], Ct))!.CancelRequested);
        await servers[1].SettleAsync(leased, new JobOutcome.Released());
        Assert.Equal(FailReason.Cancelled, (await servers[0].FindAsync(job.Id)).Reason);
    }

    [Fact]
    public async Task Job_that_runs_in_one_is_stopped_from_another()
    {
        await using var servers = await StartServersAsync(2, Pool);
        var job = await servers[0].SubmitAsync(Some.Submission(await servers[0].TenantAsync("acme"), """{"seconds":600}""") with { Type = "sleep" });
        await Eventually.True(() => servers.All.Any(IsBusy), "one of them runs it");

        await servers.All.Single(server => !IsBusy(server)).Store.CancelAsync(job.Id, Some.Actor(), Ct);

        await Eventually.True(async () => (await servers[0].FindAsync(job.Id)).Status == JobStatus.Failed, "it is stopped");
        Assert.Equal(FailReason.Cancelled, (await servers[0].FindAsync(job.Id)).Reason);

        static bool IsBusy(TestQueue server) => server.Services.GetRequiredService<WorkerPool>().State.Busy > 0;
    }

    [Fact]
    public async Task Pools_of_all_run_what_one_takes_in_each_job_once()
    {
        await using var servers = await StartServersAsync(4, Pool);
        var acme = await servers[0].TenantAsync("acme");

        await servers[0].SubmitAsync(acme, 1_000);

        await Eventually.True(async () => (await servers[1].Stats.TotalAsync(acme, Ct)).Done == 1_000, "all are done");
        Assert.All(await servers[0].ListAsync(new()), job => Assert.Equal(1, job.Attempts));
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task Token_revoked_in_one_is_refused_in_the_others()
    {
        await using var servers = await StartServersAsync(4);
        var tokens = servers.All.Select(server => server.Services.GetRequiredService<ITokens>()).ToList();
        // Each has read what there is.
        foreach (var each in tokens)
            Assert.Empty(await each.ListAsync(null, Ct));
        var token = await tokens[0].CreateAsync(
            new NewTokenRequest("acme", "test", ["jobs:read"], null, "test", Demo: false, Secret: null, RemoteAddress: null), Ct);
        var callers = new List<TokenPrincipal>();
        foreach (var each in tokens)
        {
            await Eventually.True(async () => await each.FindAsync(token.Secret.AsMemory(), Ct) is not null, "the token is known");
            callers.Add((await each.FindAsync(token.Secret.AsMemory(), Ct))!);
        }

        Assert.True(await tokens[1].RevokeAsync(token.Id, Some.Actor(), Ct));

        foreach (var each in tokens)
            await Eventually.True(async () => await each.FindAsync(token.Secret.AsMemory(), Ct) is null, "the token is refused");
        foreach (var caller in callers)
            await Eventually.True(() => caller.Revoked.IsCancellationRequested, "what it had open is told to end");
    }

    [Fact]
    public async Task Account_changed_in_one_is_signed_out_in_the_others()
    {
        await using var servers = await StartServersAsync(2, builder => builder.Services.AddSingleton<Passwords>());
        var accounts = servers.All.Select(server => server.Services.GetRequiredService<IAccounts>()).ToList();
        var ada = (await accounts[0].CreateAsync(new NewUser("ada", "correct horse", Roles.Member, "acme", Demo: false), Some.Actor(), Ct))!;
        Assert.True(await accounts[1].IsCurrentAsync(ada.Id, ada.Stamp, Ct));

        Assert.Equal(UserChangeResult.Changed, await accounts[0].ChangeAsync("ada", new UserChanges(Disabled: true), Some.Actor(), Ct));

        await Eventually.True(async () => !await accounts[1].IsCurrentAsync(ada.Id, ada.Stamp, Ct), "the session has ended");
    }

    [Fact]
    public async Task Every_feed_tells_what_all_do_once_and_in_order_for_each_job()
    {
        await using var servers = await StartServersAsync(3);
        var acme = await servers[0].TenantAsync("acme");
        var heard = servers.All.Select(_ => new ConcurrentQueue<JobEvent>()).ToList();
        var following = servers.All.Select((server, i) => server.Feed.SubscribeToAll("test", batch =>
        {
            foreach (var happened in batch.Events)
                heard[i].Enqueue(happened);
        })).ToList();
        var own = new ConcurrentQueue<JobEvent>();
        using var ofOwn = servers[2].Feed.Subscribe("test", batch => Array.ForEach([.. batch], own.Enqueue));

        var jobs = await servers.RaceAsync(60, (server, _) => server.SubmitAsync(acme));
        var leased = (await servers.RaceAsync(12, (server, _) => server.LeaseAsync(Some.Wish(4)))).SelectMany(some => some).ToList();
        while (await servers[0].LeaseAsync(Some.Wish(10)) is { Count: > 0 } rest)
            leased.AddRange(rest);
        Assert.Equal(60, leased.Count);
        await servers.RaceAsync(60, (server, i) => server.SettleAsync(leased[i], i % 2 == 0 ? Some.Done : Some.Failure(retryable: false)));

        foreach (var (each, i) in heard.Select((each, i) => (each, i)))
        {
            await Eventually.True(() => each.Count(happened => happened.Kind is JobEventKind.Done or JobEventKind.DeadLettered) == 60, $"{i} hears of every end");
            foreach (var job in jobs)
            {
                var kinds = each.Where(happened => happened.JobId == job.Id).Select(happened => happened.Kind).ToList();
                Assert.Equal(
                    kinds[^1] == JobEventKind.Done
                        ? [JobEventKind.Submitted, JobEventKind.Started, JobEventKind.Done]
                        : [JobEventKind.Submitted, JobEventKind.Started, JobEventKind.Failed, JobEventKind.DeadLettered],
                    kinds);
            }
        }

        // For its log and its metrics a process is told of its own commits alone.
        Assert.Equal(20, own.Count(happened => happened.Kind == JobEventKind.Submitted));
        Assert.Equal(20, own.Count(happened => happened.Kind is JobEventKind.Done or JobEventKind.DeadLettered));
        following.ForEach(each => each.Dispose());
    }

    [Fact]
    public async Task Process_whose_connections_broke_hears_what_happened_meanwhile()
    {
        await using var servers = await StartServersAsync(2);
        var acme = await servers[0].TenantAsync("acme");
        for (var round = 0; round < 3; round++)
        {
            var wish = servers[1].LeaseAsync(PatientWish);
            await servers[1].Store.ReapAsync(Ct);

            await servers[1].Storage.DisconnectAsync(Ct);
            var job = await servers[0].SubmitAsync(acme);

            Assert.Equal(job.Id, Assert.Single(await wish.WaitAsync(Soon, Ct)).Job.Id);
        }
    }

    private static void Pool(IHostApplicationBuilder builder)
    {
        // The clock stands still while the host stops: no grace for what a test leaves running.
        builder.Services.Configure<WorkersOptions>(options => (options.Count, options.ShutdownGraceSeconds) = (4, 0));
        builder.AddHandlers();
        builder.AddWorkers();
    }

    private static Task UntilPausedAsync(TestQueue server, TenantId tenant, string queue) => Eventually.True(
        () => !server.Board.MayBegin(TestJobs.Create("echo", queue: queue) with { TenantId = tenant }),
        "the pause is known");
}
