using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Leases;

/// <summary>Workers and servers that die.</summary>
public abstract class CrashesContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Expired_lease_is_a_crash_and_the_job_is_given_to_another_worker()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var lost = await queue.LeaseOneAsync();
        await queue.LiveAsync(TimeSpan.FromSeconds(30));

        var back = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Pending, WaitingFor.Worker, 1, 0), (back.Status, back.WaitingFor, back.Crashes, back.Retries));
        var other = await queue.LeaseOneAsync(new WorkerIdentity("other"));
        Assert.NotEqual(lost.Token, other.Token);
        Assert.Equal(SettleResult.LeaseLost, await queue.SettleAsync(lost, Some.Done));
        await queue.FinishAsync(other);
        Assert.Equal([AttemptOutcome.Crashed, AttemptOutcome.Done], await queue.OutcomesAsync(job.Id));
    }

    [Fact]
    public async Task In_process_jobs_of_a_dead_server_are_ready_again_with_a_crash_each()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 5);
        var running = await queue.LeaseAsync(Some.Wish(3, Some.Pool));

        await using var next = await queue.StartAfterCrashAsync();
        await next.OutliveTheDeadAsync();

        foreach (var leased in running)
        {
            var back = await next.FindAsync(leased.Job.Id);
            Assert.Equal((JobStatus.Pending, 1, 0), (back.Status, back.Crashes, back.Retries));
            Assert.Equal([AttemptOutcome.Crashed], await next.OutcomesAsync(back.Id));
            Assert.Equal(SettleResult.LeaseLost, await next.SettleAsync(leased, Some.Done));
        }

        Assert.Equal(running.Select(leased => leased.Job.Id), (await next.LeaseAsync(Some.Wish(3))).Select(leased => leased.Job.Id));
        Assert.Equal((2, 3), ((await next.UsageAsync(acme)).Pending, (await next.UsageAsync(acme)).Running));
        await StoreChecks.CountersMatchRowsAsync(next);
    }

    [Fact]
    public async Task Remote_lease_that_nobody_takes_up_after_a_restart_runs_out()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        await queue.LeaseOneAsync();
        await queue.RestartAsync();
        await queue.LiveAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(JobStatus.Running, (await queue.FindAsync(job.Id)).Status);
        await queue.LiveAsync(Second);
        Assert.Equal((JobStatus.Pending, 1), ((await queue.FindAsync(job.Id)).Status, (await queue.FindAsync(job.Id)).Crashes));
    }

    [Fact]
    public async Task Third_crash_of_the_only_suspect_makes_it_poison()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        await queue.CrashAsync(job.Id);
        await queue.CrashAsync(job.Id);
        Assert.Equal((JobStatus.Pending, 2), ((await queue.FindAsync(job.Id)).Status, (await queue.FindAsync(job.Id)).Crashes));
        await queue.CrashAsync(job.Id);

        var poison = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Failed, FailReason.Poison, 3, 0), (poison.Status, poison.Reason, poison.Crashes, poison.Retries));
        Assert.Equal(JobTransitions.CrashErrorType, poison.Error?.Type);
        Assert.True(await queue.IsDeadLetterAsync(job.Id));
        await StoreChecks.CountersMatchRowsAsync(queue);
        Assert.Equal(ControlResult.Changed, await queue.Store.RequeueAsync(job.Id, null, Some.Actor(), Ct));
        Assert.Equal(0, (await queue.FindAsync(job.Id)).Crashes);
        await queue.FinishAsync(await queue.LeaseOneAsync());
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Server_that_dies_again_and_again_convicts_one_job_alone()
    {
        var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 6);
        var guilty = (await queue.ListAsync(new() { Queue = "default" }))[2].Id;
        var deaths = 0;
        for (var life = 0; life < 30; life++)
        {
            // A life: the pool takes what it may, up to four at once; when the guilty job is among them, the process dies.
            var running = await queue.LeaseAsync(Some.Wish(4, Some.Pool));
            Assert.True(running.Count(leased => leased.Job.Crashes >= JobTransitions.SuspectCrashes) <= 1);
            if (running.Count == 0)
                break;
            if (running.Any(leased => leased.Job.Id == guilty))
            {
                deaths++;
                var next = await queue.StartAfterCrashAsync();
                await queue.DisposeAsync();
                queue = next;
                await queue.OutliveTheDeadAsync();
                continue;
            }

            foreach (var leased in running)
                await queue.FinishAsync(leased);
        }

        var jobs = await queue.ListAsync(new());
        Assert.Equal(5, jobs.Count(job => job.Status == JobStatus.Done));
        Assert.Equal((guilty, FailReason.Poison, 3), jobs.Where(job => job.Status == JobStatus.Failed).Select(job => (job.Id, job.Reason, job.Crashes)).Single());
        Assert.Equal(3, deaths);
        await StoreChecks.CountersMatchRowsAsync(queue);
        await queue.DisposeAsync();
    }

    [Fact]
    public async Task Suspects_of_a_process_run_one_at_a_time_while_others_go_on()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var first = await queue.SubmitAsync(acme);
        var second = await queue.SubmitAsync(acme);
        for (var crash = 0; crash < 2; crash++)
        {
            Assert.Equal(2, (await queue.LeaseAsync(Some.Wish(2, Some.Pool))).Count);
            await queue.LiveAsync(TimeSpan.FromSeconds(30));
        }

        await queue.SubmitAsync(acme, 2);
        var leased = await queue.LeaseAsync(Some.Wish(10, Some.Pool) with { Ahead = 5, AheadTypes = new HashSet<string> { "echo" } });
        Assert.Equal(3, leased.Count);
        Assert.Equal(first.Id, leased[0].Job.Id);
        // Another process has a life of its own to lose.
        Assert.Equal(second.Id, (await queue.LeaseOneAsync()).Job.Id);
        await queue.SettleAsync(leased[0], new JobOutcome.Released());
        Assert.Equal(first.Id, (await queue.LeaseOneAsync(Some.Pool)).Job.Id);
    }

    [Fact]
    public async Task Suspect_is_never_leased_ahead()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(acme);
        await queue.CrashAsync(job.Id);
        await queue.CrashAsync(job.Id);
        var lone = await queue.SubmitAsync(Some.Submission(acme) with { Priority = 1 });
        var leased = await queue.LeaseAsync(Some.Wish(1, Some.Pool) with { Ahead = 5, AheadTypes = new HashSet<string> { "echo" } });
        Assert.Equal(lone.Id, Assert.Single(leased).Job.Id);
    }

    [Fact]
    public async Task Crashes_and_retries_are_counted_apart()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Submission(acme) with { MaxRetries = 1 });
        await queue.CrashAsync(job.Id);
        await queue.CrashAsync(job.Id);
        await queue.FailAsync(await queue.LeaseOneAsync());
        var waiting = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Pending, 1, 2), (waiting.Status, waiting.Retries, waiting.Crashes));
        await queue.LiveAsync(TimeSpan.FromSeconds(10));
        await queue.FailAsync(await queue.LeaseOneAsync());
        Assert.Equal(FailReason.RetriesExhausted, (await queue.FindAsync(job.Id)).Reason);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Good_stop_leaves_remote_leases_and_counts_nothing()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 2);
        var leased = await queue.LeaseAsync(Some.Wish(2));
        await queue.RestartAsync();
        foreach (var each in leased)
        {
            Assert.Equal(0, (await queue.FindAsync(each.Job.Id)).Crashes);
            Assert.Equal(SettleResult.Settled, await queue.SettleAsync(each, Some.Done));
        }
    }

}
