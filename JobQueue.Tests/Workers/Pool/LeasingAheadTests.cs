using JobQueue.Workers.Pool;

namespace JobQueue.Tests.Workers.Pool;

/// <summary>How much is leased ahead: the run times that decide it, and the wish that comes of it.</summary>
public sealed class LeasingAheadTests
{
    private readonly RunTimes _times = new();

    [Fact]
    public void Unknown_type_is_not_leased_ahead()
    {
        Record(RunTimes.KnownAfter - 1, milliseconds: 1);
        Assert.DoesNotContain("a", _times.ShortTypes);
        Assert.Equal(0, _times.Ahead(16));
    }

    [Fact]
    public void Long_type_is_not_leased_ahead()
    {
        Record(50, milliseconds: 50);
        Assert.DoesNotContain("a", _times.ShortTypes);
        Assert.Equal(0, _times.Ahead(16));
    }

    [Theory]
    [InlineData(0.01, 16, RunTimes.MaxAhead)]
    [InlineData(2.0, 4, 40)]
    [InlineData(10.0, 4, 8)]
    [InlineData(10.0, 0, 0)]
    public void As_much_is_leased_ahead_as_starts_within_20_ms(double milliseconds, int slots, int ahead)
    {
        Record(50, milliseconds);
        Assert.Contains("a", _times.ShortTypes);
        Assert.Equal(ahead, _times.Ahead(slots));
    }

    [Fact]
    public void One_long_run_ends_leasing_ahead_and_many_short_ones_bring_it_back()
    {
        Record(50, milliseconds: 1);
        Record(1, milliseconds: 1_000);
        Assert.DoesNotContain("a", _times.ShortTypes);
        Record(200, milliseconds: 1);
        Assert.Contains("a", _times.ShortTypes);
    }

    [Fact]
    public void Long_type_does_not_spoil_the_short_ones()
    {
        Record(50, milliseconds: 1);
        for (var i = 0; i < 50; i++)
            _times.Record("long", TimeSpan.FromSeconds(10));
        Assert.Contains("a", _times.ShortTypes);
        Assert.Equal(RunTimes.MaxAhead, _times.Ahead(16));
    }

    [Theory]
    // slots, in hand, target, noneAhead → slots wished, ahead wished (-1: no wish)
    [InlineData(4, 0, 0, false, 4, 0)]
    [InlineData(4, 3, 0, false, 1, 0)]
    [InlineData(4, 4, 0, false, -1, 0)]
    [InlineData(4, 0, 100, false, 4, 100)]
    [InlineData(4, 53, 100, false, 0, 51)]
    [InlineData(4, 54, 100, false, -1, 0)]
    [InlineData(4, 10, 100, true, -1, 0)]
    [InlineData(4, 3, 100, true, 1, 100)]
    public void Wish_is_what_is_free_and_what_is_missing_ahead(int slots, int inHand, int target, bool noneAhead, int free, int ahead)
    {
        LeaseWish? expected = free < 0 ? null : new LeaseWish(free, ahead);
        Assert.Equal(expected, LeaseWish.Next(slots, inHand, target, noneAhead));
    }

    [Fact]
    public void Wish_without_a_free_slot_does_not_wait()
    {
        Assert.Equal(TimeSpan.Zero, new LeaseWish(0, 10).Wait);
        Assert.Equal(Timeout.InfiniteTimeSpan, new LeaseWish(1, 10).Wait);
    }

    private void Record(int runs, double milliseconds)
    {
        for (var i = 0; i < runs; i++)
            _times.Record("a", TimeSpan.FromMilliseconds(milliseconds));
    }
}
