using System.Globalization;
using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Attempts;

/// <summary>The one table of moves out of <see cref="JobStatus.Running"/>. Pure.</summary>
public static class JobTransitions
{
    /// <summary>Jobs with this many crashes are suspects: they run alone, so that the next crash names the guilty one.</summary>
    public const int SuspectCrashes = 2;

    public const string CrashErrorType = "crash";

    /// <summary>
    /// Decides the move. Success beats a late cancel; any other end after a cancel request ends the job as cancelled.
    /// </summary>
    /// <param name="random">Evenly spread in [0, 1), for the jitter of a retry.</param>
    public static JobTransition Decide(RunningAttempt attempt, JobOutcome outcome, RetryPolicy policy, double random) => outcome switch
    {
        JobOutcome.Done done => new JobTransition.Finish(done.Result),
        _ when attempt.CancelRequested => new JobTransition.End(
            FailReason.Cancelled, (outcome as JobOutcome.Failed)?.Error, AttemptOutcome.Cancelled, attempt.Crashes),
        JobOutcome.Released => new JobTransition.Ready(AttemptOutcome.Released, attempt.Crashes),
        JobOutcome.Crashed => AfterCrash(attempt),
        JobOutcome.Failed { Retryable: false } failed => new JobTransition.End(
            FailReason.PermanentError, failed.Error, AttemptOutcome.Failed, attempt.Crashes),
        JobOutcome.Failed failed when attempt.Retries >= attempt.MaxRetries => new JobTransition.End(
            FailReason.RetriesExhausted, failed.Error, AttemptOutcome.Failed, attempt.Crashes),
        JobOutcome.Failed failed => new JobTransition.Retry(
            failed.Error, policy.DelayBefore(attempt.Retries + 1, random, failed.RetryAfter), NoteOf(failed.RetryAfter, policy)),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "unknown outcome"),
    };

    private static string? NoteOf(TimeSpan? retryAfter, RetryPolicy policy) => retryAfter > policy.MaxRetryAfter
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"The target asked for a pause of {retryAfter.Value.TotalSeconds:0.###} s; at most {policy.MaxRetryAfter.TotalSeconds:0.###} s are waited (Retries:MaxRetryAfterSeconds).")
        : null;

    private static JobTransition AfterCrash(RunningAttempt attempt)
    {
        var crashes = attempt.Crashes + 1;
        return crashes > SuspectCrashes && attempt.OnlySuspect
            ? new JobTransition.End(
                FailReason.Poison,
                new JobError($"The process that ran this job died {crashes} times while it ran.", CrashErrorType),
                AttemptOutcome.Crashed,
                crashes)
            : new JobTransition.Ready(AttemptOutcome.Crashed, crashes);
    }
}
