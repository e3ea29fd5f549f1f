using JobQueue.Access.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Access.Sessions;

public sealed class SignInThrottleTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(_time);

    [Fact]
    public void Waits_double_after_a_few_failures_and_stop_growing_at_a_minute()
    {
        List<double> waits = [];
        for (var i = 0; i < 13; i++)
        {
            _throttle.Failed("ada");
            waits.Add(_throttle.WaitFor("ada").TotalSeconds);
        }

        Assert.Equal([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
    }

    [Fact]
    public void Wait_passes_and_success_forgives()
    {
        for (var i = 0; i < 6; i++)
            _throttle.Failed("ada");
        Assert.True(_throttle.WaitFor("ADA") > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, _throttle.WaitFor("bob"));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, _throttle.WaitFor("ada"));
        _throttle.Succeeded("ada");
        _throttle.Failed("ada");
        Assert.Equal(TimeSpan.Zero, _throttle.WaitFor("ada"));
    }

    [Fact]
    public void Old_failures_are_forgotten()
    {
        for (var i = 0; i < 8; i++)
            _throttle.Failed("ada");
        _time.Advance(TimeSpan.FromMinutes(16));

        _throttle.Failed("ada");

        Assert.Equal(TimeSpan.Zero, _throttle.WaitFor("ada"));
    }
}
