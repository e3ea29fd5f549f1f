using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Workers.Pool;

public sealed class WorkerPoolStopTests
{
    [Fact]
    public async Task Stopping_pool_leases_nothing_more_and_lets_running_jobs_finish()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 2);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        var stopped = pool.StopAsync();
        await Eventually.True(() => !pool.Pool.State.Leasing, "leasing has ended");
        pool.Store.Offer(TestJobs.Create("steered"));
        Assert.False(run.IsToldToStop);
        run.Return("1");
        await stopped;

        Assert.IsType<JobOutcome.Done>((await pool.Store.NextSettledAsync()).Outcome);
        Assert.Equal(1, pool.Store.ReadyCount);
    }

    [Fact]
    public async Task What_still_runs_after_the_grace_is_told_to_stop_and_handed_back()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1, options => options.ShutdownGraceSeconds = 25);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        var stopped = pool.StopAsync();
        await PassUntilAsync(pool, () => run.IsToldToStop);
        run.ObeyStop();
        await stopped;

        Assert.IsType<JobOutcome.Released>((await pool.Store.NextSettledAsync()).Outcome);
    }

    [Fact]
    public async Task Failure_after_the_stop_of_the_handler_counts_as_handed_back()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        var stopped = pool.StopAsync();
        await PassUntilAsync(pool, () => run.IsToldToStop);
        run.Throw(new IOException("the child process was killed"));
        await stopped;

        Assert.IsType<JobOutcome.Released>((await pool.Store.NextSettledAsync()).Outcome);
    }

    [Fact]
    public async Task Job_whose_handler_ignores_the_stop_is_handed_back_all_the_same()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        var stopped = pool.StopAsync();
        await PassUntilAsync(pool, () => stopped.IsCompleted);

        Assert.IsType<JobOutcome.Released>((await pool.Store.NextSettledAsync()).Outcome);
        Assert.False(run.Ended.IsCompleted);
    }

    [Fact]
    public async Task Leases_are_kept_alive_while_jobs_drain()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1, options => options.ShutdownGraceSeconds = 60);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        var stopped = pool.StopAsync();
        await Eventually.True(() => !pool.Pool.State.Leasing, "leasing has ended");
        pool.Pass(TimeSpan.FromSeconds(15));
        await Eventually.True(() => pool.Store.Extended.Count > 0, "the lease is extended");
        run.Return();
        await stopped;
    }

    [Fact]
    public async Task Stop_waits_for_commits_that_are_under_way()
    {
        var commit = new TaskCompletionSource<SettleResult>();
        await using var pool = await PoolUnderTest.StartAsync(slots: 1, script: store => store.OnSettle = _ => commit.Task);
        var run = await pool.RunAsync(TestJobs.Create("steered"));
        run.Return();

        var stopped = pool.StopAsync();
        await Eventually.True(() => pool.Pool.State.Busy == 0, "the slot is free");
        Assert.False(stopped.IsCompleted);
        commit.SetResult(SettleResult.Settled);
        await stopped;

        await pool.Store.NextSettledAsync();
    }

    [Fact]
    public async Task Jobs_that_wait_in_memory_are_handed_back_when_the_stop_begins()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        await pool.TeachEchoIsShortAsync();
        pool.Store.Offer([TestJobs.Create("steered"), .. TestJobs.Create(5, "echo")]);
        var run = await pool.Handler.NextAsync();

        var stopped = pool.StopAsync();

        var handedBack = await pool.Store.NextSettledAsync(5);
        Assert.All(handedBack, settled => Assert.Equal(new JobOutcome.Released(), settled.Outcome));
        run.Return();
        await stopped;
    }

    private static Task PassUntilAsync(PoolUnderTest pool, Func<bool> condition) => Eventually.True(
        () =>
        {
            pool.Pass(TimeSpan.FromSeconds(1));
            return condition();
        },
        "the time has passed");
}
