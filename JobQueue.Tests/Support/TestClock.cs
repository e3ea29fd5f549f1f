using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Support;

/// <summary>A clock that stands still until it is moved. Its hands can be set without time going by.</summary>
internal sealed class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _wrongBy;

    public static TestClock AtNoon() => new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Told what time it will be, before it is and timers fire: a database whose clock goes with this one.</summary>
    public Action<DateTimeOffset>? Moving { get; set; }

    public new void Advance(TimeSpan delta)
    {
        Moving?.Invoke(GetUtcNow() + delta);
        base.Advance(delta);
    }

    /// <summary>As an operator or a time server does: timers and the clock that does not jump do not notice.</summary>
    public void SetHands(TimeSpan by)
    {
        Moving?.Invoke(GetUtcNow() + by);
        _wrongBy += by;
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _wrongBy;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
