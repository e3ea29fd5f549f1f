using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Queues;

/// <summary>Queues that are paused, and their jobs when they are due.</summary>
public abstract class QueuesContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Paused_queue_gives_out_nothing_until_it_is_resumed()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var running = await queue.SubmitAsync(Some.Submission(acme) with { Queue = "mail" });
        var held = await queue.LeaseOneAsync();
        await queue.Store.PauseQueueAsync(acme, "mail", "flood", null, Some.Actor(), Ct);
        var waiting = await queue.SubmitAsync(Some.Submission(acme) with { Queue = "mail", Type = "new.lane" });
        var foreign = await queue.SubmitAsync(Some.Submission(globex) with { Queue = "mail" });
        var other = await queue.SubmitAsync(acme);

        Assert.Equal(WaitingFor.QueuePaused, waiting.WaitingFor);
        Assert.Equal(WaitingFor.QueuePaused, (await queue.FindAsync(waiting.Id)).WaitingFor);
        Assert.Equal("flood", (await queue.PauseAsync(acme, "mail"))?.Reason);
        Assert.Equal([other.Id, foreign.Id], (await queue.LeaseAsync(Some.Wish(10))).Select(leased => leased.Job.Id).Order().Reverse());
        await queue.SettleAsync(held, new JobOutcome.Released());
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10)));
        await queue.RestartAsync();
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10)));
        await queue.Store.ResumeQueueAsync(acme, "mail", Some.Actor(), Ct);
        Assert.Equal([running.Id, waiting.Id], (await queue.LeaseAsync(Some.Wish(10))).Select(leased => leased.Job.Id));
        Assert.Null(await queue.PauseAsync(acme, "mail"));
    }

    [Fact]
    public async Task Pause_ends_by_itself_at_its_time()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme);
        await queue.Store.PauseQueueAsync(acme, "default", null, queue.Time.GetUtcNow() + (10 * Second), Some.Actor(), Ct);
        await queue.LiveAsync(9 * Second);
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        await queue.LiveAsync(Second);
        Assert.Single(await queue.LeaseAsync(Some.Wish()));
        Assert.Null(await queue.PauseAsync(acme, "default"));
    }

    [Fact]
    public async Task Second_pause_replaces_the_first_and_resume_of_what_runs_is_fine()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.Store.ResumeQueueAsync(acme, "never.seen", Some.Actor(), Ct);
        await queue.Store.PauseQueueAsync(acme, "never.seen", "one", queue.Time.GetUtcNow() + Second, Some.Actor(), Ct);
        await queue.Store.PauseQueueAsync(acme, "never.seen", "two", null, Some.Actor(), Ct);
        await queue.LiveAsync(5 * Second);
        Assert.Equal(("two", null), await queue.PauseAsync(acme, "never.seen") is { } pause ? (pause.Reason, pause.Until) : default);
    }

    [Fact]
    public async Task Flood_of_jobs_that_are_due_at_once_becomes_ready_without_the_reaper()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var due = queue.Time.GetUtcNow() + TimeSpan.FromMinutes(5);
        for (var i = 0; i < 2; i++)
        {
            await queue.Store.SubmitManyAsync(
                [.. Enumerable.Range(0, 900).Select(_ => Some.Submission(acme) with { RunAt = due })], Ct);
        }

        var early = await queue.SubmitAsync(Some.Submission(acme) with { RunAt = due - Second });
        queue.Time.Advance(TimeSpan.FromMinutes(5) - Second);
        await Eventually.True(async () => (await queue.Stats.TotalAsync(acme, Ct)).OldestReady is not null, "the early job is ready");
        Assert.Equal(early.Id, (await queue.LeaseOneAsync()).Job.Id);
        queue.Time.Advance(Second);
        var leased = new List<JobId>();
        await Eventually.True(
            async () =>
            {
                leased.AddRange((await queue.LeaseAsync(Some.Wish(1000))).Select(each => each.Job.Id));
                return leased.Count >= 1800;
            },
            "all are ready");
        Assert.Equal(leased.Order(), leased);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Timer_follows_an_earlier_job_and_forgets_a_cancelled_one()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromHours(2) });
        var cancelled = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 10 * Second });
        var earlier = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 20 * Second });
        await queue.Store.CancelAsync(cancelled.Id, Some.Actor(), Ct);
        var wish = queue.LeaseAsync(PatientWish);
        await queue.Store.ReapAsync(Ct);
        queue.Time.Advance(20 * Second);
        Assert.Equal(earlier.Id, Assert.Single(await wish.WaitAsync(Soon, Ct)).Job.Id);
    }

    [Fact]
    public async Task Job_that_became_due_while_the_server_was_down_runs_after_its_start()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(Some.Submission(await queue.TenantAsync("acme")) with { Delay = TimeSpan.FromMinutes(1) });
        await using var next = await queue.StartAfterCrashAsync(downFor: TimeSpan.FromMinutes(2));
        var wish = next.LeaseAsync(PatientWish);
        Assert.Equal(job.Id, Assert.Single(await wish.WaitAsync(Soon, Ct)).Job.Id);
    }

    [Fact]
    public async Task Job_is_due_when_the_clock_is_set_past_its_time()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(
            Some.Submission(await queue.TenantAsync("acme")) with { RunAt = queue.Time.GetUtcNow() + TimeSpan.FromHours(1) });
        queue.Time.SetHands(TimeSpan.FromHours(1));
        await queue.LiveAsync(Second);
        Assert.Equal(job.Id, (await queue.LeaseOneAsync()).Job.Id);
    }
}
