using System.Collections.Frozen;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Targets;

/// <summary>
/// A target that fails one tenant: how often it has in a row, and how long it is left alone for that. Five failures that are
/// spread over ten seconds open the breaker; while it is open the target's jobs wait. When the pause is over one of them goes as a
/// probe: an answer closes the breaker, a failure makes the next pause twice as long. Immutable and pure; times are those of a
/// clock that does not jump.
/// </summary>
/// <param name="Failures">In a row.</param>
/// <param name="FirstFailedAt">When the first of them happened.</param>
/// <param name="LastFailedAt">When the latest of them happened.</param>
/// <param name="ErrorType">Of the latest one.</param>
/// <param name="Pause">How long the target is left alone at a time; zero until the breaker has opened.</param>
/// <param name="OpenUntil">When the next probe may go; meaningless while <paramref name="Pause"/> is zero.</param>
internal sealed record Breaker(
    int Failures, TimeSpan FirstFailedAt, TimeSpan LastFailedAt, string ErrorType, TimeSpan Pause, TimeSpan OpenUntil)
{
    /// <summary>How long failures are kept that have not opened it, and are followed by nothing.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private const int Threshold = 5;

    private static readonly TimeSpan LeastSpan = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>What tells of a target that is down or wants to be left alone. Any other answer shows that it is there.</summary>
    private static readonly FrozenSet<string> Counted = FrozenSet.Create(
        JobErrors.Connection, JobErrors.Timeout, JobErrors.OfStatus(429), JobErrors.OfStatus(502), JobErrors.OfStatus(503), JobErrors.OfStatus(504));

    /// <summary>Whether it has opened and has not been closed since.</summary>
    public bool HasOpened => Pause > TimeSpan.Zero;

    public bool IsOpenAt(TimeSpan now) => HasOpened && now < OpenUntil;

    /// <summary>
    /// Whether an attempt's end tells that its target failed, or that it answered; null where it tells neither: what was wrong lay
    /// before the call, or nobody says.
    /// </summary>
    public static bool? IsFailure(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Done => false,
        JobOutcome.Failed { Error.Type: { } type } when Counted.Contains(type) => true,
        JobOutcome.Failed { Error.Type: { } type } when type == JobErrors.Redirect || type.StartsWith(JobErrors.StatusPrefix, StringComparison.Ordinal) => false,
        _ => null,
    };

    /// <summary>The breaker after one more failure.</summary>
    /// <param name="before">Null where the one before was an answer.</param>
    /// <param name="now">The moment of the failure.</param>
    /// <param name="errorType">Of a kind that counts.</param>
    /// <param name="asked">What the target asked to wait; it is left alone for that long where that is longer than the pause.</param>
    /// <param name="isProbe">Whether it was tried after a rest. What was under way when the breaker opened says nothing new.</param>
    public static Breaker AfterFailure(Breaker? before, TimeSpan now, string errorType, TimeSpan asked, bool isProbe)
    {
        if (before is null)
            return new Breaker(1, now, now, errorType, TimeSpan.Zero, TimeSpan.Zero);
        var after = before with { Failures = before.Failures + 1, LastFailedAt = now, ErrorType = errorType };
        if (before.HasOpened && !isProbe)
            return asked > TimeSpan.Zero ? after with { OpenUntil = Later(before.OpenUntil, now + asked) } : after;
        if (!before.HasOpened && (after.Failures < Threshold || now - before.FirstFailedAt < LeastSpan))
            return after;
        var pause = !before.HasOpened ? FirstPause : before.Pause * 2 < LongestPause ? before.Pause * 2 : LongestPause;
        return after with { Pause = pause, OpenUntil = now + Later(pause, asked) };
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
