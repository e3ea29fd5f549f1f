using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Support;

/// <summary>A clock that stands still until it is moved. Its hands can be set without time going by.</summary>
internal sealed class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _wrongBy;
    private TimeSpan _ownWrongBy;

    public static TestClock AtNoon() => new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Told what time it will be, before it is and timers fire: a database whose clock goes with this one.</summary>
    public Action<DateTimeOffset>? Moving { get; set; }

    public new void Advance(TimeSpan delta)
    {
        Moving?.Invoke(Shared + delta);
        base.Advance(delta);
    }

    /// <summary>As an operator or a time server does: timers and the clock that does not jump do not notice.</summary>
    public void SetHands(TimeSpan by)
    {
        Moving?.Invoke(Shared + by);
        _wrongBy += by;
    }

    /// <summary>As <see cref="SetHands"/>, where the database has a clock of its own, which stays as it is.</summary>
    public void SetOwnHands(TimeSpan by) => _ownWrongBy += by;

    public override DateTimeOffset GetUtcNow() => Shared + _ownWrongBy;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    private DateTimeOffset Shared => base.GetUtcNow() + _wrongBy;
}
