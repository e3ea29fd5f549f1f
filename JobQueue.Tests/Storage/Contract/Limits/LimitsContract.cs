using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Limits;

/// <summary>The limits of a tenant, whoever submits and leases.</summary>
public abstract class LimitsContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Eleventh_job_in_a_minute_is_refused_until_the_time_said()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 10, null));
        for (var i = 0; i < 10; i++)
        {
            var accepted = Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
            Assert.Equal((i + 1, 9 - i), (accepted.Usage.AcceptedLastMinute, accepted.Usage.RemainingThisMinute));
            queue.Time.Advance(Second);
        }

        var refused = Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        Assert.Equal((RefusalReason.Rate, 10), (refused.Reason, refused.Usage.AcceptedLastMinute));
        // The first one came 10 s ago; slots of 10 ms are counted to their end.
        Assert.InRange(refused.Usage.NextAcceptance, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(50.02));
        queue.Time.Advance(TimeSpan.FromSeconds(49.9));
        Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        queue.Time.Advance(refused.Usage.NextAcceptance - TimeSpan.FromSeconds(49.9));
        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
    }

    [Fact]
    public async Task Racing_submissions_never_pass_the_limit()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 10, null));
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => queue.Store.SubmitAsync(Some.Submission(acme), Ct), Ct)));
        Assert.Equal(10, results.OfType<SubmitResult.Accepted>().Count());
        Assert.Equal(90, results.OfType<SubmitResult.OverLimit>().Count());
    }

    [Fact]
    public async Task No_window_of_60_seconds_ever_accepts_more_whatever_restarts()
    {
        await using var queue = await StartAsync();
        var random = new Random(20260101);
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 7, null));
        var accepted = new List<DateTimeOffset>();
        for (var i = 0; i < 400; i++)
        {
            queue.Time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 3) == 0 ? random.Next(0, 20_000) : random.Next(0, 700)));
            if (random.Next(25) == 0)
                await queue.RestartAsync();
            // A look from outside must not move the window.
            _ = await queue.UsageAsync(acme);
            var batch = random.Next(1, 4);
            var result = await queue.Store.SubmitManyAsync([.. Enumerable.Range(0, batch).Select(_ => Some.Submission(acme))], Ct);
            if (result is BatchSubmitResult.Accepted)
                accepted.AddRange(Enumerable.Repeat(queue.Time.GetUtcNow(), batch));
        }

        for (var i = 0; i < accepted.Count; i++)
            Assert.True(accepted.Skip(i).TakeWhile(at => at - accepted[i] <= TimeSpan.FromSeconds(60)).Count() <= 7, $"window at {accepted[i]:O}");
        Assert.True(accepted.Count > 100);
    }

    [Fact]
    public async Task Refused_submission_is_accepted_after_the_time_said_rounded_up()
    {
        await using var queue = await StartAsync();
        var random = new Random(7);
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 3, null));
        for (var i = 0; i < 60; i++)
        {
            queue.Time.Advance(TimeSpan.FromMilliseconds(random.NextDouble() * 9000));
            if (await queue.Store.SubmitAsync(Some.Submission(acme), Ct) is not SubmitResult.OverLimit refused)
                continue;
            if (random.Next(4) == 0)
            {
                await queue.RestartAsync();
                refused = Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
            }

            queue.Time.Advance(TimeSpan.FromSeconds(Math.Ceiling(refused.Usage.NextAcceptance.TotalSeconds)));
            Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        }
    }

    [Fact]
    public async Task Batch_counts_each_new_job_and_is_refused_whole()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 10, null));
        Task<BatchSubmitResult> Submit(int count) =>
            queue.Store.SubmitManyAsync([.. Enumerable.Range(0, count).Select(_ => Some.Submission(acme))], Ct);

        Assert.IsType<BatchSubmitResult.Accepted>(await Submit(6));
        Assert.Equal(RefusalReason.Rate, Assert.IsType<BatchSubmitResult.OverLimit>(await Submit(5)).Reason);
        Assert.Equal(RefusalReason.BatchLargerThanRate, Assert.IsType<BatchSubmitResult.OverLimit>(await Submit(11)).Reason);
        Assert.IsType<BatchSubmitResult.Accepted>(await Submit(4));
        Assert.Equal(10, (await queue.LeaseAsync(Some.Wish(50))).Count);
    }

    [Fact]
    public async Task Limit_of_zero_accepts_nothing_and_null_everything()
    {
        await using var queue = await StartAsync();
        var none = await queue.TenantAsync("none", new TenantLimits(0, 0, 0));
        var all = await queue.TenantAsync("all");
        var refused = Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(none), Ct));
        Assert.Equal(RefusalReason.LimitIsZero, refused.Reason);
        await queue.SubmitAsync(all, 3000);
        Assert.Equal(TimeSpan.Zero, (await queue.UsageAsync(all)).NextAcceptance);
        Assert.Null((await queue.UsageAsync(all)).RemainingThisMinute);
    }

    [Fact]
    public async Task Full_backlog_refuses_until_something_leaves_it()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, null, 2));
        await queue.SubmitAsync(acme);
        await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromHours(1) });

        Assert.Equal(RefusalReason.Backlog, Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct)).Reason);
        Assert.Equal(2, (await queue.UsageAsync(acme)).Pending);
        Assert.Equal(
            RefusalReason.BatchLargerThanBacklog,
            Assert.IsType<BatchSubmitResult.OverLimit>(
                await queue.Store.SubmitManyAsync([Some.Submission(acme), Some.Submission(acme), Some.Submission(acme)], Ct)).Reason);
        await queue.LeaseOneAsync();
        await queue.SubmitAsync(acme);
        await queue.RestartAsync();
        Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
    }

    [Fact]
    public async Task Tenant_may_not_open_lanes_without_end()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        Task<BatchSubmitResult> Submit(string prefix, int count, TimeSpan? delay) => queue.Store.SubmitManyAsync(
            [.. Enumerable.Range(0, count).Select(i => Some.Submission(acme) with { Queue = $"{prefix}-{i}", Delay = delay })], Ct);

        for (var i = 0; i < 10; i++)
            Assert.IsType<BatchSubmitResult.Accepted>(await Submit($"now-{i}", 1000, null));
        Assert.Equal(RefusalReason.Lanes, Assert.IsType<BatchSubmitResult.OverLimit>(await Submit("more", 1, null)).Reason);
        Assert.Equal(RefusalReason.Lanes, Assert.IsType<BatchSubmitResult.OverLimit>(await Submit("more", 1, TimeSpan.FromHours(1))).Reason);
        Assert.IsType<BatchSubmitResult.Accepted>(await Submit("now-0", 400, null));
        Assert.IsType<BatchSubmitResult.Accepted>(await Submit("now-1", 10, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Only_queues_and_types_of_jobs_that_wait_or_run_count_towards_their_number()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        for (var i = 0; i < 10; i++)
        {
            Assert.IsType<BatchSubmitResult.Accepted>(await queue.Store.SubmitManyAsync(
                [.. Enumerable.Range(0, 1000).Select(number => Some.Submission(acme) with { Queue = $"customer-{i}-{number}" })], Ct));
        }

        async Task<bool> TakesAnother(string name) =>
            await queue.Store.SubmitAsync(Some.Submission(acme) with { Queue = name }, Ct) is SubmitResult.Accepted;

        var running = await queue.LeaseAsync(Some.Wish(2));
        Assert.False(await TakesAnother("one-more"));
        await queue.FinishAsync(running[0]);
        Assert.True(await TakesAnother("one-more"));
        Assert.False(await TakesAnother("and-another"));
        await queue.FailAsync(running[1], retryable: false);
        await queue.RestartAsync();
        Assert.True(await TakesAnother("and-another"));
        Assert.False(await TakesAnother("a-last-one"));
        Assert.True(await TakesAnother("one-more"));
    }

    [Fact]
    public async Task Concurrency_is_never_exceeded_whoever_asks()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(3, null, null));
        await queue.SubmitAsync(acme, 60);
        var held = 0;
        var most = 0;
        var finished = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var identity = new WorkerIdentity($"w{worker}", worker % 2 == 0 ? Some.Pool.Process : null);
            while (Volatile.Read(ref finished) < 60)
            {
                foreach (var leased in await queue.LeaseAsync(Some.Wish(5, identity) with { Ahead = 5, AheadTypes = new HashSet<string> { "echo" } }))
                {
                    var now = Interlocked.Increment(ref held);
                    InterlockedMax(ref most, now);
                    await Task.Yield();
                    Interlocked.Decrement(ref held);
                    await queue.FinishAsync(leased);
                    Interlocked.Increment(ref finished);
                }
            }
        }, Ct)));
        Assert.InRange(most, 1, 3);

        static void InterlockedMax(ref int target, int value)
        {
            for (var seen = Volatile.Read(ref target); seen < value;)
                seen = Interlocked.CompareExchange(ref target, value, seen) is var found && found == seen ? value : found;
        }
    }

    [Fact]
    public async Task Job_over_the_concurrency_limit_waits_and_says_so()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(1, null, null));
        await queue.SubmitAsync(acme, 2);
        var running = await queue.LeaseOneAsync();
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        Assert.True((await queue.UsageAsync(acme)).AtConcurrencyLimit);
        var third = await queue.SubmitAsync(acme);
        Assert.Equal((WaitingFor.TenantLimit, WaitingFor.TenantLimit), (third.WaitingFor, (await queue.FindAsync(third.Id)).WaitingFor));
        await queue.FinishAsync(running);
        Assert.Equal(WaitingFor.Worker, (await queue.FindAsync(third.Id)).WaitingFor);
        await queue.LeaseOneAsync();
    }

    [Fact]
    public async Task Limits_hold_across_a_crash_with_leases()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(2, 5, null));
        await queue.SubmitAsync(acme, 5);
        Assert.Equal(2, (await queue.LeaseAsync(Some.Wish(5))).Count);

        await using var next = await queue.StartAfterCrashAsync(downFor: TimeSpan.FromSeconds(20));

        Assert.Empty(await next.LeaseAsync(Some.Wish(5)));
        var refused = Assert.IsType<SubmitResult.OverLimit>(await next.Store.SubmitAsync(Some.Submission(acme), Ct));
        Assert.Equal((2, 5, 3), (refused.Usage.Running, refused.Usage.AcceptedLastMinute, refused.Usage.Pending));
        Assert.InRange(refused.Usage.NextAcceptance, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(40.02));
    }

    [Fact]
    public async Task Retry_and_requeue_cost_no_quota()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 1, null));
        var dead = await queue.SubmitDeadAsync(Some.Submission(acme));
        Assert.Equal(ControlResult.Changed, await queue.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct));
        await queue.FailAsync(await queue.LeaseOneAsync(), retryable: false);
        Assert.Equal(ControlResult.Changed, await queue.Store.RetryAsync(dead.Id, Some.Actor(), Ct));
        Assert.Equal(1, (await queue.UsageAsync(acme)).AcceptedLastMinute);
    }

    [Fact]
    public async Task Lowered_limit_holds_for_what_was_accepted_before()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 8);
        await queue.SetLimitsAsync(acme, new TenantLimits(1, 5, null));
        Assert.Equal(RefusalReason.Rate, Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct)).Reason);
        Assert.Single(await queue.LeaseAsync(Some.Wish(5)));
        await queue.SetLimitsAsync(acme, new TenantLimits(4, 9, null));
        await queue.SubmitAsync(acme);
        Assert.Equal(3, (await queue.LeaseAsync(Some.Wish(5))).Count);
    }
}
