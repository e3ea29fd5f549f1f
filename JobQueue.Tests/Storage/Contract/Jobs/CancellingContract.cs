using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>What is cancelled, and by whom.</summary>
public abstract class CancellingContract(StoreProvider provider) : StoreContract(provider)
{
    [Theory]
    [InlineData("ready")]
    [InlineData("scheduled")]
    [InlineData("waiting for retry")]
    [InlineData("suspect")]
    public async Task Cancel_ends_a_pending_job_at_once(string where)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Submission(acme) with { Delay = where == "scheduled" ? Second : null });
        if (where == "waiting for retry")
            await queue.FailAsync(await queue.LeaseOneAsync());
        for (var crash = 0; where == "suspect" && crash < 2; crash++)
            await queue.CrashAsync(job.Id);

        Assert.Equal(ControlResult.Changed, await queue.Store.CancelAsync(job.Id, Some.Actor(acme), Ct));

        var cancelled = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Failed, FailReason.Cancelled, queue.Time.GetUtcNow()), (cancelled.Status, cancelled.Reason, cancelled.FinishedAt));
        Assert.False(cancelled.DeadLettered || await queue.IsDeadLetterAsync(job.Id));
        await queue.LiveAsync(TimeSpan.FromSeconds(20));
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        Assert.Equal(ControlResult.WrongState, await queue.Store.CancelAsync(job.Id, Some.Actor(acme), Ct));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    public static TheoryData<string> EndsAfterCancel => ["done", "failed", "permanent", "released", "lease lost", "timeout", "server died"];

    [Theory]
    [MemberData(nameof(EndsAfterCancel))]
    public async Task Cancel_of_a_running_job_is_settled_by_how_it_ends(string end)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Submission(acme) with { TimeoutSeconds = end == "timeout" ? 20 : 300 });
        var leased = await queue.LeaseOneAsync(end == "server died" ? Some.Pool : Some.Remote);

        Assert.Equal(ControlResult.CancelRequested, await queue.Store.CancelAsync(job.Id, Some.Actor(), Ct));
        Assert.Equal(ControlResult.CancelRequested, await queue.Store.CancelAsync(job.Id, Some.Actor(), Ct));

        var told = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Running, true), (told.Status, told.CancelRequested));
        Assert.True((await queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct))!.CancelRequested);
        var after = queue;
        switch (end)
        {
            case "done":
                await queue.FinishAsync(leased);
                break;
            case "failed":
                await queue.FailAsync(leased);
                break;
            case "permanent":
                await queue.FailAsync(leased, retryable: false);
                break;
            case "released":
                await queue.SettleAsync(leased, new JobOutcome.Released());
                break;
            case "lease lost" or "timeout":
                await queue.LiveAsync(TimeSpan.FromSeconds(30));
                break;
            case "server died":
                after = await queue.StartAfterCrashAsync();
                await after.OutliveTheDeadAsync();
                break;
        }

        var ended = await after.FindAsync(job.Id);
        Assert.Equal(end == "done" ? (JobStatus.Done, null) : (JobStatus.Failed, FailReason.Cancelled), (ended.Status, ended.Reason));
        Assert.Equal([end == "done" ? AttemptOutcome.Done : AttemptOutcome.Cancelled], await after.OutcomesAsync(job.Id));
        Assert.False(ended.CancelRequested || await after.IsDeadLetterAsync(job.Id));
        Assert.Equal(0, ended.Crashes);
        await StoreChecks.CountersMatchRowsAsync(after);
        if (after != queue)
            await after.DisposeAsync();
    }

    [Fact]
    public async Task Cancel_request_survives_a_restart()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        await queue.Store.CancelAsync(job.Id, Some.Actor(), Ct);
        await queue.RestartAsync();
        Assert.True((await queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct))!.CancelRequested);
        await queue.FailAsync(leased);
        Assert.Equal(FailReason.Cancelled, (await queue.FindAsync(job.Id)).Reason);
    }

    [Fact]
    public async Task Commands_about_jobs_out_of_sight_find_nothing_and_change_nothing()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var pending = await queue.SubmitAsync(acme);
        var dead = await queue.SubmitDeadAsync(Some.Submission(acme) with { Priority = 1 });
        var stranger = Some.Actor(globex);
        foreach (var id in new[] { pending.Id, dead.Id, JobId.Create(1, 1, 1) })
        {
            Assert.Equal(ControlResult.NotFound, await queue.Store.CancelAsync(id, stranger, Ct));
            Assert.Equal(ControlResult.NotFound, await queue.Store.RetryAsync(id, stranger, Ct));
            Assert.Equal(ControlResult.NotFound, await queue.Store.RequeueAsync(id, null, stranger, Ct));
            Assert.Equal(ControlResult.NotFound, await queue.Store.DiscardAsync(id, stranger, Ct));
        }

        Assert.Equivalent(pending, await queue.FindAsync(pending.Id), strict: true);
        Assert.Equivalent(dead, await queue.FindAsync(dead.Id), strict: true);
        Assert.Null(await queue.Jobs.FindAsync(globex, pending.Id, Ct));
        Assert.Null(await queue.Jobs.AttemptsAsync(globex, dead.Id, Ct));
        Assert.Null(await queue.Jobs.LogsAsync(globex, dead.Id, 0, 10, Ct));
        Assert.Null(await queue.DeadLetters.FindAsync(globex, dead.Id, Ct));
    }

    [Fact]
    public async Task Who_did_it_is_in_the_audit_log()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var (pending, dead) = (await queue.SubmitAsync(Some.Submission(acme) with { Delay = Second }), await queue.SubmitDeadAsync(Some.Submission(acme)));
        var actor = new Actor("user:kim", null, "10.0.0.1");
        await queue.Store.CancelAsync(pending.Id, actor, Ct);
        await queue.Store.CancelAsync(pending.Id, actor, Ct);
        await queue.Store.RequeueAsync(dead.Id, "1"u8.ToArray(), actor, Ct);
        await queue.Store.PauseQueueAsync(acme, "default", "flood", null, actor, Ct);
        var rows = await queue.AuditAsync();
        Assert.Equal(
            [("job.cancel", pending.Id.ToString()), ("job.requeue", dead.Id.ToString()), ("queue.pause", "default")],
            rows.Select(row => (row.Action, row.Target!)));
        Assert.All(rows, row => Assert.Equal(("user:kim", "acme", "10.0.0.1"), (row.Actor, row.Tenant, row.RemoteAddress)));
    }
}
