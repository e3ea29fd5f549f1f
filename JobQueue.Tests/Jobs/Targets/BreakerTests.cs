using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;

namespace JobQueue.Tests.Jobs.Targets;

public sealed class BreakerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Four_failures_leave_it_closed_and_the_fifth_opens_it()
    {
        Assert.False(After(0, 3, 6, 12).HasOpened);
        Assert.Equal((30 * Second, 45 * Second), Rest(After(0, 3, 6, 12, 15)));
    }

    [Fact]
    public void Failures_of_one_moment_do_not_open_it_and_the_first_one_ten_seconds_later_does()
    {
        Assert.False(After(0, 0, 0, 1, 2, 3, 9.999).HasOpened);
        Assert.True(After(0, 0, 0, 1, 2, 3, 10).HasOpened);
    }

    [Fact]
    public void Target_that_is_called_once_a_minute_opens_it_too() => Assert.True(After(0, 60, 120, 180, 240).HasOpened);

    [Fact]
    public void Each_failed_probe_doubles_the_pause_up_to_ten_minutes()
    {
        var breaker = After(0, 3, 6, 9, 12);
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            pauses.Add(breaker.Pause.TotalSeconds);
            breaker = Fail(breaker, breaker.OpenUntil, isProbe: true);
        }

        Assert.Equal([30, 60, 120, 240, 480, 600, 600], pauses);
    }

    [Fact]
    public void Longer_retry_after_is_heeded_and_a_shorter_one_is_not()
    {
        var before = After(0, 3, 6, 9);
        Assert.Equal((30 * Second, 132 * Second), Rest(Fail(before, 12 * Second, 120 * Second)));
        Assert.Equal((30 * Second, 42 * Second), Rest(Fail(before, 12 * Second, 5 * Second)));
    }

    [Fact]
    public void Attempt_that_was_under_way_when_it_opened_makes_no_pause_longer_unless_the_target_asks_for_it()
    {
        var open = After(0, 3, 6, 9, 12);
        Assert.Equal((30 * Second, 42 * Second), Rest(Fail(open, 20 * Second)));
        Assert.Equal((30 * Second, 80 * Second), Rest(Fail(open, 20 * Second, 60 * Second)));
        Assert.Equal((30 * Second, 42 * Second), Rest(Fail(open, 50 * Second)));
    }

    [Theory]
    [InlineData("connection", true)]
    [InlineData("timeout", true)]
    [InlineData("http_429", true)]
    [InlineData("http_502", true)]
    [InlineData("http_503", true)]
    [InlineData("http_504", true)]
    [InlineData("http_500", false)]
    [InlineData("http_404", false)]
    [InlineData("redirect", false)]
    [InlineData("invalid_payload", null)]
    [InlineData("blocked_address", null)]
    [InlineData(null, null)]
    public void Error_tells_of_a_target_that_is_down_or_of_one_that_answers_or_of_neither(string? type, bool? isFailure) =>
        Assert.Equal(isFailure, Breaker.IsFailure(new JobOutcome.Failed(new JobError("no", type))));

    [Fact]
    public void Success_tells_that_it_answers_and_a_release_or_a_crash_tells_nothing()
    {
        Assert.Equal(false, Breaker.IsFailure(new JobOutcome.Done(null)));
        Assert.Null(Breaker.IsFailure(new JobOutcome.Released()));
        Assert.Null(Breaker.IsFailure(new JobOutcome.Crashed()));
    }

    private static Breaker After(params double[] seconds) =>
        seconds.Aggregate((Breaker?)null, (before, at) => Fail(before, at * Second))!;

    private static (TimeSpan Pause, TimeSpan OpenUntil) Rest(Breaker breaker) => (breaker.Pause, breaker.OpenUntil);

    private static Breaker Fail(Breaker? before, TimeSpan now, TimeSpan asked = default, bool isProbe = false) =>
        Breaker.AfterFailure(before, now, "connection", asked, isProbe);
}
