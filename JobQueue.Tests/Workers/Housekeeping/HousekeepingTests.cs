using System.Collections.Concurrent;
using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using JobQueue.Workers.Housekeeping;

namespace JobQueue.Tests.Workers.Housekeeping;

public sealed class HousekeepingTests
{
    [Fact]
    public async Task Expired_leases_are_taken_back_every_second_also_after_a_failure()
    {
        var calls = 0;
        await using var pool = await PoolUnderTest.StartAsync(slots: 0, script: store => store.OnReap = () =>
            Interlocked.Increment(ref calls) == 1 ? throw new StoreOverloadedException() : Task.FromResult(1));

        await Eventually.True(
            () =>
            {
                pool.Time.Advance(LeaseReaper.Period);
                return calls >= 3;
            },
            "three calls");
    }

    [Fact]
    public async Task Sweeping_goes_on_in_slices_to_the_end_and_starts_again_in_an_hour()
    {
        // A slice may delete nothing and still not be the last.
        var slices = new ConcurrentQueue<SweepResult>([new(500, true), new(0, true), new(7, true), new(0, false)]);
        var cutoffs = new ConcurrentQueue<RetentionCutoffs>();
        await using var pool = await PoolUnderTest.StartAsync(slots: 0, script: store => store.OnSweep = cutoff =>
        {
            cutoffs.Enqueue(cutoff);
            return Task.FromResult(slices.TryDequeue(out var slice) ? slice : new SweepResult(0, More: false));
        });

        await Eventually.True(
            () =>
            {
                pool.Time.Advance(RetentionSweeper.Pause);
                return cutoffs.Count == 4;
            },
            "all four slices");
        Assert.Single(cutoffs.Distinct());
        pool.Time.Advance(RetentionSweeper.Period);
        await Eventually.True(() => cutoffs.Count == 5, "the next sweep");
        Assert.InRange(cutoffs.Last().DoneBefore - cutoffs.First().DoneBefore, RetentionSweeper.Period, RetentionSweeper.Period * 1.1);
    }
}
