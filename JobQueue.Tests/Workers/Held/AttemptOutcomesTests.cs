using System.Text;
using JobQueue.Handlers;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using JobQueue.Workers.Held;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Workers.Held;

public sealed class AttemptOutcomesTests
{
    private const int MaxBytes = 1_024;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Result_is_kept_as_it_is()
    {
        var outcome = AttemptOutcomes.Returned(Json("""{"a":1.50}"""), Running(), MaxBytes);
        Assert.Equal("""{"a":1.50}""", Text(Assert.IsType<JobOutcome.Done>(outcome).Result));
    }

    [Fact]
    public void No_result_is_fine() =>
        Assert.Null(Assert.IsType<JobOutcome.Done>(AttemptOutcomes.Returned(null, Running(), MaxBytes)).Result);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("plain text")]
    [InlineData("\"a\u0001\"")]
    public void Result_that_is_no_json_is_a_permanent_error(string result)
    {
        var failed = Assert.IsType<JobOutcome.Failed>(AttemptOutcomes.Returned(Json(result), Running(), MaxBytes));
        Assert.False(failed.Retryable);
        Assert.Contains("JSON", failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Result_of_invalid_utf8_is_a_permanent_error()
    {
        var outcome = AttemptOutcomes.Returned(new byte[] { (byte)'"', 0xC3, (byte)'"' }, Running(), MaxBytes);
        Assert.Contains("UTF-8", Assert.IsType<JobOutcome.Failed>(outcome).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Result_that_is_too_large_is_a_permanent_error_that_says_so()
    {
        var outcome = AttemptOutcomes.Returned(Json('"' + new string('x', MaxBytes) + '"'), Running(), MaxBytes);
        var failed = Assert.IsType<JobOutcome.Failed>(outcome);
        Assert.False(failed.Retryable);
        Assert.Contains("1026 bytes; at most 1024", failed.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Result_may_be_nested_as_deep_as_a_payload(int levels, bool kept)
    {
        var result = Json(new string('[', levels) + new string(']', levels));
        Assert.Equal(kept, AttemptOutcomes.Returned(result, Running(), MaxBytes) is JobOutcome.Done);
    }

    [Fact]
    public void Exception_is_a_failed_attempt_with_its_full_name()
    {
        var failed = Threw(new InvalidOperationException("boom"));
        Assert.Equal(new JobError("boom", "System.InvalidOperationException"), failed.Error);
        Assert.True(failed.Retryable);
    }

    [Fact]
    public void Permanent_exception_is_not_retried() => Assert.False(Threw(new PermanentJobException("no such customer")).Retryable);

    [Fact]
    public void Retry_after_is_passed_on() =>
        Assert.Equal(TimeSpan.FromSeconds(90), Threw(new RetryAfterException("busy", TimeSpan.FromSeconds(90))).RetryAfter);

    [Fact]
    public void Long_message_is_cut() => Assert.Equal(8_000, Threw(new InvalidOperationException(new string('x', 9_000))).Error.Message.Length);

    [Fact]
    public void Cancellation_of_the_handlers_own_is_a_failed_attempt() =>
        Assert.Equal("System.OperationCanceledException", Threw(new OperationCanceledException()).Error.Type);

    [Theory]
    [InlineData(StopReason.TimedOut, "JobQueue.Jobs.Attempts.JobOutcome+Failed")]
    [InlineData(StopReason.CancelRequested, "JobQueue.Jobs.Attempts.JobOutcome+Released")]
    [InlineData(StopReason.Aborted, "JobQueue.Jobs.Attempts.JobOutcome+Released")]
    internal void Cancelled_handler_ends_by_the_reason_it_was_stopped_for(StopReason reason, string outcome)
    {
        var job = Running();
        job.Stop(reason);
        Assert.Equal(outcome, AttemptOutcomes.Threw(new OperationCanceledException(), job).GetType().FullName);
    }

    [Fact]
    public void Success_beats_a_late_stop()
    {
        var job = Running();
        job.Stop(StopReason.CancelRequested);
        Assert.IsType<JobOutcome.Done>(AttemptOutcomes.Returned(null, job, MaxBytes));
    }

    [Fact]
    public void First_reason_stands_unless_the_lease_is_lost()
    {
        var job = Running();
        job.Stop(StopReason.TimedOut);
        job.Stop(StopReason.Aborted);
        Assert.Equal(StopReason.TimedOut, job.StopReason);
        job.Stop(StopReason.LeaseLost);
        Assert.Equal(StopReason.LeaseLost, job.StopReason);
    }

    [Fact]
    public void Attempt_is_ended_exactly_once()
    {
        var job = Running();
        Assert.True(job.TryEnd());
        Assert.False(job.TryEnd());
        Assert.False(job.Stop(StopReason.CancelRequested));
    }

    private HeldJob Running()
    {
        var job = TestJobs.Create("steered");
        var held = new HeldJob(new LeasedJob(new LeaseToken(job.Id, 1), _time.GetUtcNow(), job), _time);
        Assert.True(held.TryBegin(new CancellationTokenSource()));
        return held;
    }

    private JobOutcome.Failed Threw(Exception exception) =>
        Assert.IsType<JobOutcome.Failed>(AttemptOutcomes.Threw(exception, Running()));

    private static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte>? json) => Encoding.UTF8.GetString(json!.Value.Span);
}
