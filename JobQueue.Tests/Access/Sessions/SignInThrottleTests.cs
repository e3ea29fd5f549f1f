using System.Globalization;
using System.Net;
using JobQueue.Access.Sessions;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Access.Sessions;

/// <summary>What the throttle of one process alone promises beside what any does.</summary>
public sealed class SignInThrottleTests
{
    private static readonly IPAddress Here = IPAddress.Parse("203.0.113.9");

    [Fact]
    public void Clock_that_is_set_changes_no_wait()
    {
        var time = new TestClock(DateTimeOffset.UnixEpoch);
        var throttle = new SignInThrottle(time);
        for (var i = 0; i < 5; i++)
            throttle.Take("ada", Here);

        time.SetHands(by: TimeSpan.FromDays(1));

        Assert.Equal(TimeSpan.FromMinutes(1), throttle.Take("ada", Here));
    }

    [Fact]
    public void What_is_remembered_is_bounded_and_the_worst_offender_is_remembered_longest()
    {
        var allowance = new TryAllowance<string>(new TryRate(AtOnce: 2, TimeSpan.FromMinutes(1)), maxKeys: 4);
        for (var i = 0; i < 5; i++)
            allowance.Take(TimeSpan.Zero, "worst");

        for (var i = 0; i < 100; i++)
            allowance.Take(TimeSpan.Zero, i.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(TimeSpan.FromMinutes(4), allowance.WaitAt(TimeSpan.Zero, "worst"));
        Assert.InRange(allowance.Count, 1, 4);
    }
}
