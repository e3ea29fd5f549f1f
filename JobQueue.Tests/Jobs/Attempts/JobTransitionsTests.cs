using CsCheck;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Jobs.Attempts;

public sealed class JobTransitionsTests
{
    private static readonly RetryPolicy Policy = new(TimeSpan.FromSeconds(10), 2, TimeSpan.FromHours(1));
    private static readonly JobError Error = new("no", "TestError");

    private static readonly Dictionary<string, JobOutcome> Outcomes = new()
    {
        ["done"] = new JobOutcome.Done("1"u8.ToArray()),
        ["failed"] = new JobOutcome.Failed(Error),
        ["permanent"] = new JobOutcome.Failed(Error, Retryable: false),
        ["released"] = new JobOutcome.Released(),
        ["crashed"] = new JobOutcome.Crashed(),
    };

    /// <summary>outcome, retries of max, crashes, cancel requested, only suspect: what becomes of the job.</summary>
    [Theory]
    [InlineData("done", 0, 3, 0, false, true, "finish")]
    [InlineData("done", 3, 3, 2, true, true, "finish")]
    [InlineData("failed", 0, 3, 0, false, true, "retry")]
    [InlineData("failed", 2, 3, 2, false, true, "retry")]
    [InlineData("failed", 3, 3, 0, false, true, "end RetriesExhausted Failed 0")]
    [InlineData("failed", 0, 0, 1, false, true, "end RetriesExhausted Failed 1")]
    [InlineData("failed", 0, 3, 0, true, true, "end Cancelled Cancelled 0")]
    [InlineData("permanent", 0, 3, 0, false, true, "end PermanentError Failed 0")]
    [InlineData("permanent", 3, 3, 0, false, true, "end PermanentError Failed 0")]
    [InlineData("permanent", 0, 3, 0, true, true, "end Cancelled Cancelled 0")]
    [InlineData("released", 3, 3, 2, false, true, "ready Released 2")]
    [InlineData("released", 0, 3, 0, true, true, "end Cancelled Cancelled 0")]
    [InlineData("crashed", 0, 3, 0, false, true, "ready Crashed 1")]
    [InlineData("crashed", 3, 3, 1, false, true, "ready Crashed 2")]
    [InlineData("crashed", 0, 3, 2, false, true, "end Poison Crashed 3")]
    [InlineData("crashed", 0, 3, 2, false, false, "ready Crashed 3")]
    [InlineData("crashed", 0, 3, 7, false, false, "ready Crashed 8")]
    [InlineData("crashed", 0, 3, 7, false, true, "end Poison Crashed 8")]
    [InlineData("crashed", 0, 3, 2, true, true, "end Cancelled Cancelled 2")]
    public void Each_end_of_an_attempt_has_its_move(
        string outcome, int retries, int maxRetries, int crashes, bool cancelRequested, bool onlySuspect, string move) =>
        Assert.Equal(move, Decide(new RunningAttempt(retries, maxRetries, crashes, cancelRequested, onlySuspect), outcome) switch
        {
            JobTransition.Finish => "finish",
            JobTransition.Retry => "retry",
            JobTransition.Ready ready => $"ready {ready.Outcome} {ready.Crashes}",
            JobTransition.End end => $"end {end.Reason} {end.Outcome} {end.Crashes}",
            _ => "none",
        });

    [Fact]
    public void Success_always_wins_and_nothing_else_survives_a_cancel_request() =>
        Attempts.Sample((attempt, outcome) =>
        {
            var move = Decide(attempt, outcome);
            if (outcome == "done")
                Assert.Equal(Outcomes["done"], new JobOutcome.Done(Assert.IsType<JobTransition.Finish>(move).Result));
            else if (attempt.CancelRequested)
                Assert.Equal((FailReason.Cancelled, AttemptOutcome.Cancelled), (Assert.IsType<JobTransition.End>(move).Reason, ((JobTransition.End)move).Outcome));
        });

    [Fact]
    public void What_is_dead_lettered_has_an_error() =>
        Attempts.Sample((attempt, outcome) =>
        {
            if (Decide(attempt, outcome) is JobTransition.End { Reason: var reason } end && reason.IsDeadLetter())
                Assert.False(string.IsNullOrEmpty(end.Error?.Message));
        });

    [Fact]
    public void Only_a_failed_attempt_with_retries_left_is_tried_later() =>
        Attempts.Sample((attempt, outcome) =>
        {
            var later = Decide(attempt, outcome) is JobTransition.Retry;
            Assert.Equal(outcome == "failed" && !attempt.CancelRequested && attempt.Retries < attempt.MaxRetries, later);
        });

    [Fact]
    public void Delay_belongs_to_the_retry_that_comes()
    {
        var move = JobTransitions.Decide(new RunningAttempt(2, 5, 0, false, true), Outcomes["failed"], Policy, 0.5);
        Assert.Equal(new JobTransition.Retry(Error, TimeSpan.FromSeconds(40), Note: null), move);
    }

    private static Gen<(RunningAttempt, string)> Attempts => Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Bool, Gen.Bool, Gen.OneOf("done", "failed", "permanent", "released", "crashed"),
        (retries, more, crashes, cancelled, only, outcome) => (new RunningAttempt(retries, retries + more, crashes, cancelled, only), outcome));

    private static JobTransition Decide(RunningAttempt attempt, string outcome) =>
        JobTransitions.Decide(attempt, Outcomes[outcome], Policy, 0.5);
}
