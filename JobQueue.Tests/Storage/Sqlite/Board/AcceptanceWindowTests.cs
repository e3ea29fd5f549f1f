using CsCheck;
using JobQueue.Storage.Sqlite.Board;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Storage.Sqlite.Board;

public sealed class AcceptanceWindowTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Fact]
    public void No_window_of_60_seconds_holds_more_than_the_limit_and_the_time_said_is_enough() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 40_000_000].Array[5, 150]).Sample(
            (limit, gaps) =>
            {
                var time = new FakeTimeProvider();
                var window = new AcceptanceWindow(time);
                var accepted = new List<long>();
                foreach (var gap in gaps)
                {
                    time.Advance(TimeSpan.FromTicks(gap * (gap % 3 == 0 ? 10L : 1)));
                    var (count, wait) = window.At(time.GetTimestamp(), limit);
                    Assert.Equal(count >= limit, wait > TimeSpan.Zero);
                    if (count >= limit && gap % 5 == 0)
                    {
                        // The time said is enough, and waiting almost as long is not.
                        Assert.True(wait <= Minute + TimeSpan.FromMilliseconds(20));
                        time.Advance(wait - TimeSpan.FromMilliseconds(20) is var almost && almost > TimeSpan.Zero ? almost : TimeSpan.Zero);
                        time.Advance(wait < TimeSpan.FromMilliseconds(20) ? wait : TimeSpan.FromMilliseconds(20));
                        (count, wait) = window.At(time.GetTimestamp(), limit);
                        Assert.Equal((true, TimeSpan.Zero), (count < limit, wait));
                    }

                    if (count >= limit)
                        continue;
                    window.Add(time.GetTimestamp(), 1);
                    accepted.Add(time.GetTimestamp());
                }

                for (var i = limit; i < accepted.Count; i++)
                    Assert.True(accepted[i] - accepted[i - limit] > Minute.Ticks);
            },
            iter: 300);

    [Fact]
    public void Look_from_a_later_moment_does_not_open_the_window_for_an_earlier_one()
    {
        var time = new FakeTimeProvider();
        var window = new AcceptanceWindow(time);
        window.Add(time.GetTimestamp(), 1);
        time.Advance(Minute - TimeSpan.FromMilliseconds(5));
        var transaction = time.GetTimestamp();
        time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, window.At(time.GetTimestamp(), 1).Accepted);
        Assert.Equal(1, window.At(transaction, 1).Accepted);
    }

    [Fact]
    public void Batch_leaves_the_window_at_once()
    {
        var time = new FakeTimeProvider();
        var window = new AcceptanceWindow(time);
        window.Add(time.GetTimestamp(), 900);
        time.Advance(TimeSpan.FromSeconds(30));
        window.Add(time.GetTimestamp(), 100);
        Assert.Equal(1000, window.At(time.GetTimestamp(), null).Accepted);
        time.Advance(TimeSpan.FromSeconds(30.01));
        Assert.Equal(100, window.At(time.GetTimestamp(), null).Accepted);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((0, TimeSpan.Zero), window.At(time.GetTimestamp(), 1));
    }
}
