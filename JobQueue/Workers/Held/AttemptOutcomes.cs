using System.Text.Json;
using System.Text.Unicode;
using JobQueue.Handlers;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Workers.Held;

/// <summary>What the end of a handler means for its attempt. Pure.</summary>
internal static class AttemptOutcomes
{
    public const string ResultErrorType = "invalid_result";

    /// <summary>The handler returned: done, unless its result cannot be kept. Success beats a late cancel, timeout or stop.</summary>
    /// <param name="maxBytes">The largest result.</param>
    public static JobOutcome Returned(ReadOnlyMemory<byte>? result, HeldJob job, int maxBytes)
    {
        if (result is { } json && Flaw(json, job.Job.Payload, maxBytes) is { } flaw)
            return Failed(new JobError(flaw, ResultErrorType), job, retryable: false);
        return new JobOutcome.Done(result) { StartedAt = job.StartedAt };
    }

    /// <summary>The handler threw.</summary>
    public static JobOutcome Threw(Exception exception, HeldJob job) => (job.StopReason, exception) switch
    {
        (StopReason.Aborted, _) => new JobOutcome.Released { StartedAt = job.StartedAt },
        (_, PermanentJobException) => Failed(ErrorOf(exception), job, retryable: false),
        (_, InvalidResultException) => Failed(new JobError(exception.Message, ResultErrorType), job, retryable: false),
        (StopReason.TimedOut, _) => TimedOut(job),
        (StopReason.CancelRequested, OperationCanceledException) => new JobOutcome.Released { StartedAt = job.StartedAt },
        (_, RetryAfterException later) => Failed(ErrorOf(exception), job, retryAfter: later.RetryAfter),
        _ => Failed(ErrorOf(exception), job),
    };

    /// <summary>The handler was told to stop and did not: the attempt ends without it.</summary>
    public static JobOutcome GivenUp(HeldJob job) =>
        job.StopReason == StopReason.TimedOut ? TimedOut(job) : new JobOutcome.Released { StartedAt = job.StartedAt };

    private static JobOutcome.Failed TimedOut(HeldJob job) => Failed(
        new JobError($"The attempt took longer than its timeout of {job.Job.TimeoutSeconds} s.", JobErrors.Timeout), job);

    private static JobOutcome.Failed Failed(JobError error, HeldJob job, bool retryable = true, TimeSpan? retryAfter = null) =>
        new(error, retryable, retryAfter) { StartedAt = job.StartedAt };

    private static JobError ErrorOf(Exception exception) =>
        new(exception.Message, (exception as FailedAttemptException)?.ErrorType ?? exception.GetType().FullName);

    private static string? Flaw(ReadOnlyMemory<byte> result, ReadOnlyMemory<byte> payload, int maxBytes)
    {
        if (result.Length > maxBytes)
            return $"The handler's result has {result.Length} bytes; at most {maxBytes} are kept.";
        if (result.Equals(payload))
            return null; // The same memory: it was checked when it was submitted.
        if (!Utf8.IsValid(result.Span))
            return "The handler's result is not valid UTF-8.";
        try
        {
            var reader = new Utf8JsonReader(result.Span, new JsonReaderOptions { MaxDepth = SubmissionRules.MaxDepth });
            while (reader.Read()) ;
            return null;
        }
        catch (JsonException exception)
        {
            return $"The handler's result is not valid JSON; {JsonFlaw.Sentence(exception, result.Span)}";
        }
    }
}
