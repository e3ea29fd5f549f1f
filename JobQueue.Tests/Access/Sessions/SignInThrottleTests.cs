using System.Globalization;
using System.Net;
using JobQueue.Access.Sessions;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Access.Sessions;

public sealed class SignInThrottleTests
{
    private static readonly IPAddress Here = IPAddress.Parse("203.0.113.9");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("203.0.113.10");

    private readonly TestClock _time = new(DateTimeOffset.UnixEpoch);
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(_time);

    [Fact]
    public void Account_takes_five_tries_at_once_and_then_one_a_minute()
    {
        Assert.All(Try("ada", Here, times: 5), wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.Equal(TimeSpan.FromMinutes(1), _throttle.Take("ADA", Here));

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), _throttle.Take("ada", Here));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, _throttle.Take("ada", Here));
        Assert.Equal(TimeSpan.FromMinutes(1), _throttle.Take("ada", Here));

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.All(Try("ada", Here, times: 5), wait => Assert.Equal(TimeSpan.Zero, wait));
    }

    [Fact]
    public void Clock_that_is_set_changes_no_wait()
    {
        Try("ada", Here, times: 5);

        _time.SetHands(by: TimeSpan.FromDays(1));

        Assert.Equal(TimeSpan.FromMinutes(1), _throttle.Take("ada", Here));
    }

    [Fact]
    public void Stranger_shuts_the_account_only_where_the_stranger_is()
    {
        Try("ada", Here, times: 9);

        Assert.Equal(TimeSpan.Zero, _throttle.Take("ada", Elsewhere));
        Assert.Equal(TimeSpan.Zero, _throttle.Take("bob", Here));
    }

    [Fact]
    public void Address_takes_thirty_tries_at_once_over_all_names_and_an_own_account_hides_none()
    {
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(TimeSpan.Zero, _throttle.Take("mallory", Here));
            _throttle.Forgive("mallory", Here);
            Assert.Equal(TimeSpan.Zero, _throttle.Take($"name-{i}", Here));
        }

        Assert.Equal(TimeSpan.FromSeconds(2), _throttle.Take("another", Here));
        Assert.Equal(TimeSpan.Zero, _throttle.Take("another", Elsewhere));
    }

    [Fact]
    public void Right_password_and_a_try_that_was_not_looked_at_give_back_what_they_took()
    {
        Try("ada", Here, times: 5);
        _throttle.Forgive("ada", Here);
        Assert.All(Try("ada", Here, times: 5), wait => Assert.Equal(TimeSpan.Zero, wait));

        _throttle.GiveBack("ada", Here);
        Assert.Equal(TimeSpan.Zero, _throttle.Take("ada", Here));
        Assert.Equal(TimeSpan.FromMinutes(1), _throttle.Take("ada", Here));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", true)]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9", false)]
    public void Addresses_of_one_network_count_together(string first, string second, bool free)
    {
        Try("ada", IPAddress.Parse(first), times: 5);

        Assert.Equal(free, _throttle.Take("ada", IPAddress.Parse(second)) == TimeSpan.Zero);
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

    private List<TimeSpan> Try(string name, IPAddress address, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => _throttle.Take(name, address))];
}
