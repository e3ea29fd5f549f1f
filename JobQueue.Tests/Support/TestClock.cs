using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Support;

/// <summary>A clock that stands still until it is moved. Its hands can be set without time going by.</summary>
internal sealed class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _wrongBy;

    public static TestClock AtNoon() => new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>As an operator or a time server does: timers and the clock that does not jump do not notice.</summary>
    public void SetHands(TimeSpan by) => _wrongBy += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _wrongBy;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
