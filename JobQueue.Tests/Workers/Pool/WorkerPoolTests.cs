using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using JobQueue.Workers.Held;
using JobQueue.Workers.Pool;

namespace JobQueue.Tests.Workers.Pool;

public sealed class WorkerPoolTests
{
    [Fact]
    public async Task Idle_pool_keeps_one_wish_open_and_asks_for_nothing_more()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 3);
        await Eventually.True(() => pool.Store.IsParked, "a wish is parked");

        pool.Pass(TimeSpan.FromMinutes(1));

        var wish = Assert.Single(pool.Store.Wishes);
        Assert.Equal((3, 0, Timeout.InfiniteTimeSpan), (wish.Slots, wish.Ahead, wish.Wait));
        Assert.True(wish.Worker.InProcess);
        Assert.Superset(new HashSet<string> { "echo", "sleep", "fail", "steered" }, wish.Types!.ToHashSet());
    }

    [Fact]
    public async Task Pool_without_slots_leases_nothing()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 0);
        await pool.StopAsync();
        Assert.Empty(pool.Store.Wishes);
    }

    [Fact]
    public async Task Every_slot_runs_a_job_and_the_next_job_waits_at_the_store()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 3);

        pool.Store.Offer(TestJobs.Create(4, "steered"));
        var runs = await pool.Handler.NextAsync(3);

        Assert.Equal(1, pool.Store.ReadyCount);
        Assert.Equal(3, pool.Pool.State.Busy);
        runs[1].Return("1");
        var last = await pool.Handler.NextAsync();
        Assert.DoesNotContain(last.Context.Job, runs.Select(run => run.Context.Job));
        Assert.Equal(runs[1].Context.Job.Id, (await pool.Store.NextSettledAsync()).Job);
    }

    [Fact]
    public async Task Never_more_than_one_wish_is_open()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 4);
        for (var i = 0; i < 50; i++)
            pool.Store.Offer(TestJobs.Create(20, "echo"));

        await pool.Store.NextSettledAsync(1_000);

        Assert.Equal(1, pool.Store.MostOpenWishes);
    }

    [Fact]
    public async Task Slot_takes_its_next_job_while_the_last_commit_is_under_way()
    {
        var commit = new TaskCompletionSource<SettleResult>();
        await using var pool = await PoolUnderTest.StartAsync(slots: 1, script: store => store.OnSettle = _ => commit.Task);
        var first = await pool.RunAsync(TestJobs.Create("steered"));
        pool.Store.Offer(TestJobs.Create("steered"));

        first.Return();
        var second = await pool.Handler.NextAsync();

        Assert.True(pool.Store.NothingSettled);
        second.Return();
        commit.SetResult(SettleResult.Settled);
        await pool.Store.NextSettledAsync(2);
    }

    [Fact]
    public async Task Handler_that_blocks_its_thread_does_not_stall_the_other_slots()
    {
        using var release = new ManualResetEventSlim();
        await using var pool = await PoolUnderTest.StartAsync(slots: 8);
        pool.Handler.Block = release;
        pool.Store.Offer(TestJobs.Create(7, "steered"));
        await pool.Handler.NextAsync(7);

        var echo = TestJobs.Create("echo");
        pool.Store.Offer(echo);

        Assert.Equal(echo.Id, (await pool.Store.NextSettledAsync()).Job);
        release.Set();
    }

    [Fact]
    public async Task Only_types_known_to_be_short_are_leased_ahead()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        await pool.TeachEchoIsShortAsync();

        var wish = pool.Store.Wishes[^1];

        Assert.Equal((1, RunTimes.MaxAhead), (wish.Slots, wish.Ahead));
        Assert.Equal(["echo"], wish.AheadTypes!);
    }

    [Fact]
    public async Task Job_that_waits_too_long_for_its_slot_is_handed_back_unstarted()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        await pool.TeachEchoIsShortAsync();
        var waiting = TestJobs.Create(5, "echo");
        pool.Store.Offer([TestJobs.Create("steered"), .. waiting]);
        await pool.Handler.NextAsync();

        pool.Pass(AttemptWatch.LongestWait + AttemptWatch.Period);

        var handedBack = await pool.Store.NextSettledAsync(5);
        Assert.Equal(waiting.Select(job => job.Id).Order(), handedBack.Select(settled => settled.Job).Order());
        Assert.All(handedBack, settled => Assert.Equal(new JobOutcome.Released(), settled.Outcome));
        // A slot that is busy for so long is no reason to lease ahead again.
        pool.Store.Offer(TestJobs.Create("echo"));
        pool.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(1, pool.Store.ReadyCount);
    }

    [Fact]
    public async Task Job_of_a_queue_that_was_paused_meanwhile_is_handed_back_unstarted()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        pool.Pause("letters");

        pool.Store.Offer(TestJobs.Create("steered", queue: "letters"));

        Assert.Equal(new JobOutcome.Released(), (await pool.Store.NextSettledAsync()).Outcome);
        Assert.True(pool.Handler.NothingBegan);
    }

    [Fact]
    public async Task Cancel_request_stops_the_handler_at_once()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        pool.Events.Tell([run.Context.Job.Event(JobEventKind.CancelRequested)]);

        await run.UntilToldToStopAsync();
        run.ObeyStop();
        Assert.IsType<JobOutcome.Released>((await pool.Store.NextSettledAsync()).Outcome);
    }

    [Fact]
    public async Task Cancel_request_that_overtakes_the_answer_to_the_lease_is_not_lost()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var (job, other) = (TestJobs.Create("steered"), TestJobs.Create("steered"));

        pool.Events.Tell([job.Event(JobEventKind.CancelRequested), other.Event(JobEventKind.CancelRequested)]);
        pool.Events.Tell([other.Event(JobEventKind.Cancelled)]);
        pool.Store.Offer(job);

        Assert.Equal(new Settlement(job.Id, new JobOutcome.Released()), await pool.Store.NextSettledAsync());
        Assert.True(pool.Handler.NothingBegan);
        // The other's cancel is over: when a person retries it, it runs.
        var run = await pool.RunAsync(other);
        Assert.False(run.IsToldToStop);
    }

    [Fact]
    public async Task Attempt_that_takes_longer_than_its_timeout_fails_as_timeout()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered", timeoutSeconds: 7));

        pool.Pass(TimeSpan.FromSeconds(6.75));
        Assert.False(run.IsToldToStop);
        pool.Pass(TimeSpan.FromSeconds(0.5));
        await run.UntilToldToStopAsync();
        run.ObeyStop();

        var failed = Assert.IsType<JobOutcome.Failed>((await pool.Store.NextSettledAsync()).Outcome);
        Assert.Equal(("timeout", true), (failed.Error.Type, failed.Retryable));
        Assert.Contains("7 s", failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_that_ignores_its_timeout_is_given_up_and_keeps_its_slot()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered", timeoutSeconds: 1));

        pool.Pass(TimeSpan.FromSeconds(1) + AttemptWatch.Patience + AttemptWatch.Period);

        var settled = await pool.Store.NextSettledAsync();
        Assert.Equal("timeout", Assert.IsType<JobOutcome.Failed>(settled.Outcome).Error.Type);
        pool.Store.Offer(TestJobs.Create("steered"));
        Assert.Equal(1, pool.Store.ReadyCount);
        run.Return("\"too late\"");
        (await pool.Handler.NextAsync()).Return("1");
        var next = Assert.IsType<JobOutcome.Done>((await pool.Store.NextSettledAsync()).Outcome);
        Assert.Equal("1"u8, next.Result!.Value.Span);
    }

    [Fact]
    public async Task Lost_lease_stops_the_handler_and_drops_its_result()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        pool.Store.Lose(run.Context.Job.Id);
        pool.Pass(TimeSpan.FromSeconds(10));
        await run.UntilToldToStopAsync();
        run.Return("\"dropped\"");

        var next = await pool.RunAsync(TestJobs.Create("steered"));
        next.Return();
        Assert.Equal(next.Context.Job.Id, (await pool.Store.NextSettledAsync()).Job);
    }

    [Fact]
    public async Task Expired_lease_stops_the_handler_of_that_attempt_alone()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 2);
        var first = await pool.RunAsync(TestJobs.Create("steered"));
        var second = await pool.RunAsync(TestJobs.Create("steered", attempt: 2));

        pool.Events.Tell(
        [
            first.Context.Job.Event(JobEventKind.LeaseExpired),
            second.Context.Job.Event(JobEventKind.LeaseExpired) with { Attempt = 1 },
        ]);

        await first.UntilToldToStopAsync();
        Assert.False(second.IsToldToStop);
    }

    [Fact]
    public async Task Outcome_is_settled_again_until_the_store_has_room_for_it()
    {
        var refusals = 3;
        await using var pool = await PoolUnderTest.StartAsync(slots: 1, script: store => store.OnSettle = _ =>
            Interlocked.Decrement(ref refusals) >= 0
                ? throw new StoreOverloadedException()
                : Task.FromResult(SettleResult.Settled));
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        run.Return("1");

        await Eventually.True(
            () =>
            {
                pool.Time.Advance(TimeSpan.FromSeconds(1));
                return !pool.Store.NothingSettled;
            },
            "the outcome is settled");
        Assert.Equal(-1, refusals);
    }

    [Fact]
    public async Task All_leases_are_extended_in_one_write_three_times_in_a_lease()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 3, options => options.LeaseSeconds = 30);
        pool.Store.Offer(TestJobs.Create(3, "steered"));
        await pool.Handler.NextAsync(3);

        for (var writes = 1; writes <= 3; writes++)
        {
            pool.Pass(TimeSpan.FromSeconds(10));
            await Eventually.True(() => pool.Store.Extended.Count == writes, $"{writes} writes");
        }

        Assert.All(pool.Store.Extended, leases => Assert.Equal(3, leases.Count));
    }
}
