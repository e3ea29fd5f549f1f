using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Limits;

/// <summary>Calls to one target: how many at once, and none while it is down.</summary>
public abstract class TargetsContract(StoreProvider provider) : StoreContract(provider)
{
    private const string DownUrl = "https://Down.example/hook";
    private const string DownTarget = "https://down.example:443";
    private const int MaxCalls = JobTarget.MaxCallsAtOnce;

    private static readonly JobOutcome NoConnection = new JobOutcome.Failed(new JobError("refused", "connection"));

    [Fact]
    public async Task Twenty_first_call_to_a_target_waits_for_a_queue_limit_and_the_jobs_behind_it_do_not()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var calls = await CallsAsync(queue, acme, MaxCalls + 2);
        var foreign = await queue.SubmitAsync(Call(globex));
        var other = await queue.SubmitAsync(Call(acme, "https://other.example/"));

        var held = await queue.LeaseAsync(Some.Wish(100, Some.Pool));

        Assert.Equal(MaxCalls + 1, held.Count);
        Assert.Contains(other.Id, held.Select(leased => leased.Job.Id));
        var waiting = calls.Append(foreign).Where(job => held.All(leased => leased.Job.Id != job.Id)).ToList();
        foreach (var job in waiting)
            Assert.Equal(WaitingFor.QueueLimit, (await queue.FindAsync(job.Id)).WaitingFor);
        await StoreChecks.CountersMatchRowsAsync(queue);

        // A worker elsewhere is another process, and so is another server's pool.
        Assert.Single(await queue.LeaseAsync(Some.Wish()));
        Assert.Single(await queue.LeaseAsync(Some.Wish(1, new WorkerIdentity(Some.Pool.Name, "another process"))));
        var next = queue.LeaseAsync(Some.Wish(1, Some.Pool) with { Wait = Soon });
        Assert.False(next.IsCompleted);
        await queue.FinishAsync(held.First(leased => leased.Job.Target == DownTarget));
        Assert.Single(await next);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Jobs_to_a_target_that_is_down_wait_and_hold_up_no_other()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        await OpenAsync(queue, acme);
        var waiting = await queue.SubmitAsync(Call(acme));
        Assert.Equal(WaitingFor.TargetDown, waiting.WaitingFor);
        var foreign = await queue.SubmitAsync(Call(globex));
        var other = await queue.SubmitAsync(Call(acme, "https://other.example/"));

        Assert.Equal([other.Id, foreign.Id], (await queue.LeaseAsync(Some.Wish(10))).Select(leased => leased.Job.Id).Order().Reverse());
        Assert.Equal(WaitingFor.TargetDown, (await queue.FindAsync(waiting.Id)).WaitingFor);
        var down = Assert.Single(await queue.TargetsDownAsync(acme));
        Assert.Equal((DownTarget, 5, "connection", queue.Time.GetUtcNow() + (30 * Second), 1), (down.Target, down.Failures, down.ErrorType, down.NextProbeAt, down.Waiting));
        Assert.Empty(await queue.TargetsDownAsync(globex));
        Assert.Equal(TimeSpan.Zero, (await queue.Stats.TotalAsync(acme, Ct)).OldestReady);
        Assert.Equal([waiting.Id], (await queue.ListAsync(new() { Tenant = acme, Status = JobStatus.Pending, Queue = "hooks" })).Select(job => job.Id));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task One_probe_goes_when_the_target_has_rested_and_its_failure_is_not_counted()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await OpenAsync(queue, acme);
        var calls = await CallsAsync(queue, acme, 3);
        await queue.LiveAsync(29 * Second);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10)));
        await queue.LiveAsync(Second);

        var probe = await queue.LeaseOneAsync();
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10, Some.Pool)));
        Assert.Equal(WaitingFor.TargetDown, (await queue.FindAsync(calls[1].Id)).WaitingFor);
        await queue.SettleAsync(probe, NoConnection);

        var back = await queue.FindAsync(probe.Job.Id);
        Assert.Equal((JobStatus.Pending, WaitingFor.TargetDown, 0), (back.Status, back.WaitingFor, back.Retries));
        Assert.Equal([AttemptOutcome.Released], await queue.OutcomesAsync(back.Id));
        await queue.LiveAsync(59 * Second);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10)));
        await queue.LiveAsync(Second);
        await queue.FinishAsync(await queue.LeaseOneAsync());
        Assert.Equal(2, (await queue.LeaseAsync(Some.Wish(10))).Count);
        Assert.Empty(await queue.TargetsDownAsync(acme));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Probe_that_is_lost_lets_another_one_go()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await OpenAsync(queue, acme);
        await CallsAsync(queue, acme, 2);
        await queue.LiveAsync(30 * Second);
        await queue.SettleAsync(await queue.LeaseOneAsync(), new JobOutcome.Released());
        Assert.Single(await queue.LeaseAsync(Some.Wish(10)));
        await queue.LiveAsync(30 * Second);
        Assert.Single(await queue.LeaseAsync(Some.Wish(10)));
    }

    [Fact]
    public async Task Any_other_answer_closes_the_breaker()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await OpenAsync(queue, acme);
        await CallsAsync(queue, acme, 2);
        await queue.LiveAsync(30 * Second);
        await queue.SettleAsync(await queue.LeaseOneAsync(), new JobOutcome.Failed(new JobError("gone", "http_410"), Retryable: false));
        Assert.Single(await queue.LeaseAsync(Some.Wish(10)));
        Assert.Empty(await queue.TargetsDownAsync(acme));
    }

    [Fact]
    public async Task Breaker_and_the_jobs_that_wait_for_it_survive_a_restart()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await OpenAsync(queue, acme);
        var calls = await CallsAsync(queue, acme, 2);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10)));
        await queue.LiveAsync(10 * Second);

        await using var later = await queue.StartAfterCrashAsync(downFor: 5 * Second);
        Assert.Empty(await later.LeaseAsync(Some.Wish(10)));
        Assert.Equal(WaitingFor.TargetDown, (await later.FindAsync(calls[0].Id)).WaitingFor);
        await StoreChecks.CountersMatchRowsAsync(later);
        await later.LiveAsync(15 * Second);
        Assert.Equal(calls[0].Id, Assert.Single(await later.LeaseAsync(Some.Wish(10))).Job.Id);
    }

    [Fact]
    public async Task Job_that_stands_aside_for_its_target_can_be_cancelled()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await OpenAsync(queue, acme);
        var calls = await CallsAsync(queue, acme, 3);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10)));
        foreach (var job in calls.Take(2))
            await queue.Store.CancelAsync(job.Id, Some.Actor(), Ct);
        Assert.Equal(FailReason.Cancelled, (await queue.FindAsync(calls[0].Id)).Reason);
        await StoreChecks.CountersMatchRowsAsync(queue);
        await queue.LiveAsync(30 * Second);
        Assert.Equal(calls[2].Id, (await queue.LeaseOneAsync()).Job.Id);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Requeue_with_another_url_calls_another_target()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var dead = await queue.SubmitDeadAsync(Call(acme));
        await OpenAsync(queue, acme);
        await queue.Store.RequeueAsync(dead.Id, """{"url":"https://up.example"}"""u8.ToArray(), Some.Actor(), Ct);
        Assert.Equal("https://up.example:443", Assert.Single(await queue.LeaseAsync(Some.Wish(10))).Job.Target);
    }

    [Fact]
    public async Task Targets_that_nobody_has_called_since_they_failed_are_forgotten_in_time()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await OpenAsync(queue, acme);
        var now = queue.Time.GetUtcNow();
        await SweepAllAsync(queue, now - TimeSpan.FromDays(1));
        Assert.Single(await queue.TargetsDownAsync(acme));
        await SweepAllAsync(queue, now + Second);
        Assert.Empty(await queue.TargetsDownAsync(acme));
        await queue.RestartAsync();
        Assert.Empty(await queue.TargetsDownAsync(acme));

        static async Task SweepAllAsync(TestQueue queue, DateTimeOffset failedBefore)
        {
            // Jobs, lanes, audit log: a call each at least.
            for (var i = 0; i < 5; i++)
                await queue.Store.SweepAsync(new RetentionCutoffs(DateTimeOffset.MinValue, failedBefore, DateTimeOffset.MinValue), Ct);
        }
    }

    [Fact]
    public async Task Failures_of_calls_that_were_under_way_when_the_breaker_opened_are_not_counted()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await CallsAsync(queue, acme, 6);
        var held = await queue.LeaseAsync(Some.Wish(10));
        foreach (var leased in held.Take(4))
            await queue.SettleAsync(leased, NoConnection);
        await queue.LiveAsync(10 * Second);
        await queue.SettleAsync(held[4], NoConnection);
        await queue.SettleAsync(held[5], NoConnection);
        Assert.Equal((1, 0), ((await queue.FindAsync(held[4].Job.Id)).Retries, (await queue.FindAsync(held[5].Job.Id)).Retries));
    }

    [Fact]
    public async Task Thousands_of_jobs_to_a_target_that_is_down_stand_aside_and_run_in_their_order_once_it_answers()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var calls = await CallsAsync(queue, acme, 2_200);
        var other = await queue.SubmitAsync(Call(acme, "https://other.example/"));
        var first = await queue.LeaseAsync(Some.Wish(5));
        foreach (var leased in first.Take(4))
            await queue.SettleAsync(leased, NoConnection);
        await queue.LiveAsync(10 * Second);
        await queue.SettleAsync(first[4], NoConnection);

        // More than one transaction sets aside.
        Assert.Equal(other.Id, Assert.Single(await queue.LeaseAsync(Some.Wish(10) with { Wait = Soon })).Job.Id);
        Assert.True((await queue.TargetsDownAsync(acme))[0].Waiting > 2_000);
        await StoreChecks.CountersMatchRowsAsync(queue);
        await queue.LiveAsync(30 * Second);
        await queue.FinishAsync(await queue.LeaseOneAsync());
        var next = await queue.LeaseAsync(Some.Wish(10));
        Assert.Equal(next.Select(leased => leased.Job.Id).Order(), next.Select(leased => leased.Job.Id));
        Assert.All(next, leased => Assert.Contains(leased.Job.Id, calls.Select(job => job.Id)));
    }

    [Fact]
    public async Task Thousand_calls_to_a_target_that_is_down_for_a_minute_are_all_made_and_no_retry_is_counted_while_it_is_known_to_be_down()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var calls = await CallsAsync(queue, acme, 1_000);
        var (up, retriesWhenDown) = (queue.Time.GetUtcNow() + TimeSpan.FromMinutes(1), (int?)null);
        for (var done = 0; done < calls.Count;)
        {
            var held = await queue.LeaseAsync(Some.Wish(100, Some.Pool));
            foreach (var leased in held)
            {
                var answers = queue.Time.GetUtcNow() >= up;
                await queue.SettleAsync(leased, answers ? Some.Done : NoConnection);
                done += answers ? 1 : 0;
            }

            if (retriesWhenDown is null && (await queue.TargetsDownAsync(acme)).Count > 0)
                retriesWhenDown = await RetriesAsync();
            if (held.Count == 0)
                await queue.LiveAsync(Second);
            Assert.True(queue.Time.GetUtcNow() < up + TimeSpan.FromMinutes(10), "they are made in time");
        }

        Assert.NotNull(retriesWhenDown);
        Assert.Equal(retriesWhenDown, await RetriesAsync());
        Assert.Equal(0, (await queue.Stats.TotalAsync(acme, Ct)).DeadLettered);
        await StoreChecks.CountersMatchRowsAsync(queue);

        async Task<int> RetriesAsync()
        {
            var sum = 0;
            foreach (var ids in calls.Select(job => job.Id).Chunk(200))
                sum += (await queue.Jobs.FindManyAsync(acme, ids, Ct, withPayloads: false)).Sum(job => job.Retries);
            return sum;
        }
    }

    [Fact]
    public async Task Flood_for_a_target_that_is_down_holds_up_no_other_tenant_and_leaves_the_store_able_to_stop()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        await OpenAsync(queue, acme);
        await CallsAsync(queue, acme, 1_800);
        var other = await queue.SubmitAsync(globex);

        Assert.Equal(other.Id, Assert.Single(await queue.LeaseAsync(Some.Wish(10))).Job.Id);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10)));
        await queue.StopAsync();
    }

    [Fact]
    public async Task Call_that_was_under_way_when_the_breaker_opened_keeps_no_probe_from_going()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(Call(acme) with { TimeoutSeconds = 3_600 });
        var hangs = await queue.LeaseOneAsync(Some.Pool);
        await OpenAsync(queue, acme);
        await CallsAsync(queue, acme, 2);
        await queue.LiveAsync(30 * Second);

        await queue.SettleAsync(await queue.LeaseOneAsync(), NoConnection);
        Assert.Equal(queue.Time.GetUtcNow() + (60 * Second), (await queue.TargetsDownAsync(acme))[0].NextProbeAt);
        await queue.SettleAsync(hangs, NoConnection);
        Assert.Equal(queue.Time.GetUtcNow() + (60 * Second), (await queue.TargetsDownAsync(acme))[0].NextProbeAt);
    }

    [Fact]
    public async Task Target_is_left_alone_for_no_longer_than_any_wish_to_wait_is_heeded()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await OpenAsync(queue, acme);
        await CallsAsync(queue, acme, 2);
        await queue.LiveAsync(30 * Second);
        await queue.SettleAsync(
            await queue.LeaseOneAsync(), new JobOutcome.Failed(new JobError("later", "http_503"), RetryAfter: TimeSpan.FromDays(36_500)));
        Assert.Equal(queue.Time.GetUtcNow() + TimeSpan.FromDays(1), (await queue.TargetsDownAsync(acme))[0].NextProbeAt);
    }

    [Fact]
    public async Task What_happens_to_a_target_is_told()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var told = new List<JobEvent>();
        using var following = queue.Feed.Subscribe("test", events => told.AddRange(events.Where(happened => happened.Target is not null)));
        await OpenAsync(queue, acme);
        await queue.SubmitAsync(Call(acme));
        await queue.LiveAsync(30 * Second);
        await queue.FinishAsync(await queue.LeaseOneAsync());
        await Eventually.True(() => told.Count == 2, "both are told");
        Assert.Equal(
            [(JobEventKind.TargetDown, DownTarget), (JobEventKind.TargetUp, DownTarget)], told.Select(happened => (happened.Kind, happened.Target!)));
    }

    private static Submission Call(TenantId tenant, string url = DownUrl) =>
        Some.Submission(tenant, $$"""{"url":"{{url}}"}""") with { Type = JobTarget.HttpType, Queue = "hooks" };

    private static async Task<IReadOnlyList<Job>> CallsAsync(TestQueue queue, TenantId tenant, int count)
    {
        var calls = new List<Job>();
        foreach (var some in Enumerable.Repeat(0, count).Chunk(1_000))
        {
            var accepted = (BatchSubmitResult.Accepted)await queue.Store.SubmitManyAsync([.. some.Select(_ => Call(tenant))], Ct);
            calls.AddRange(accepted.Items.Select(item => ((SubmitResult.Accepted)item).Job));
        }

        return calls;
    }

    /// <summary>Five calls of the tenant fail, the last ten seconds after the first; what they leave behind is cancelled.</summary>
    private static async Task OpenAsync(TestQueue queue, TenantId tenant)
    {
        await CallsAsync(queue, tenant, 5);
        var calls = await queue.LeaseAsync(Some.Wish(5) with { Tenant = tenant });
        foreach (var leased in calls)
        {
            if (leased == calls[^1])
                await queue.LiveAsync(10 * Second);
            await queue.SettleAsync(leased, NoConnection);
            await queue.Store.CancelAsync(leased.Job.Id, Some.Actor(), Ct);
        }

        Assert.Single(await queue.TargetsDownAsync(tenant));
    }
}
