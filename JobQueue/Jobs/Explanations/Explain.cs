using System.Globalization;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using JobQueue.Queues;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Explanations;

/// <summary>From facts to sentences. Pure.</summary>
internal static class Explain
{
    public static Explanation Of(ExplainFacts facts)
    {
        var job = facts.Job;
        var reasons = (job.Status switch
        {
            JobStatus.Pending => Pending(facts),
            JobStatus.Running => Running(facts),
            JobStatus.Done => [new(ExplanationCode.Done, $"The job was done {Ago(facts, job.FinishedAt)}, at attempt {job.Attempts}.")],
            _ => [Failed(facts)],
        }).ToList();
        if (reasons.Count == 0)
            reasons.Add(new(ExplanationCode.NoFreeWorker, "Nothing holds the job up: a worker takes it at any moment."));
        var ahead = facts.Ahead is { } count ? Math.Min(count, ExplainFacts.MaxAhead) : (int?)null;
        return new Explanation(job.Status, reasons, ahead, facts.Ahead > ExplainFacts.MaxAhead, Estimate(facts, reasons));
    }

    private static IEnumerable<ExplanationReason> Pending(ExplainFacts facts)
    {
        var (job, usage) = (facts.Job, facts.Usage);
        if (job.RunAt > facts.Now)
        {
            yield return job.Retries > 0
                ? new(ExplanationCode.WaitingForRetry,
                    $"Attempt {job.Attempts} failed; retry {job.Retries} of {job.MaxRetries} starts in {Span(job.RunAt - facts.Now)}.")
                : new(ExplanationCode.ScheduledForLater, $"The job is scheduled to start in {Span(job.RunAt - facts.Now)}.");
        }

        if (facts.Pause is { } pause)
            yield return new(ExplanationCode.QueuePaused, Paused(facts, pause));
        if (usage.AtConcurrencyLimit)
            yield return new(ExplanationCode.TenantConcurrencyReached, ConcurrencyReached(job.Tenant, usage));
        if (facts.TargetFull)
        {
            yield return new(
                ExplanationCode.QueueConcurrencyReached,
                $"{Number(JobTarget.MaxCallsAtOnce)} calls to {job.Target} are under way, the most that one process makes at once.");
        }

        if (facts.TargetDown is { } down)
            yield return new(ExplanationCode.TargetDown, Down(facts, down));
        if (facts.Workers.Count == 0)
        {
            yield return new(
                ExplanationCode.NoWorkerForType,
                $"No worker that takes jobs of type {job.Type} from queue {job.Queue} has been heard of in the last minute.");
        }
        else if (!facts.WorkerIsFree)
        {
            yield return new(ExplanationCode.NoFreeWorker, NoFreeWorker(facts));
        }

        if (facts.Ahead is > 0 and { } ahead)
        {
            yield return new(
                ExplanationCode.BehindOtherJobs,
                ahead == 1 ? "1 job is ahead." : $"{(ahead > ExplainFacts.MaxAhead ? $"More than {Number(ExplainFacts.MaxAhead)}" : Number(ahead))} jobs are ahead.");
        }

        if (facts.SuspectsEverywhere)
        {
            yield return new(
                ExplanationCode.SuspectRunsAlone,
                $"The process died {job.Crashes} times while this job ran. Such jobs run one at a time, and another one is running.");
        }
    }

    private static IEnumerable<ExplanationReason> Running(ExplainFacts facts)
    {
        var job = facts.Job;
        yield return new(
            ExplanationCode.Running, $"Attempt {job.Attempts} has been running on {job.Worker} for {Span(facts.Now - (job.StartedAt ?? facts.Now))}.");
        if (job.CancelRequested)
            yield return new(ExplanationCode.CancelRequested, "The worker was asked to stop and has not stopped yet.");
        if (job.LeaseExpiresAt is not { } expires || facts.LeaseDuration is not { } duration)
            yield break;
        var left = expires - facts.Now;
        // No heartbeat extends a lease beyond the attempt's timeout: how little of it is left then says nothing of the worker.
        var isLastPart = facts.TimesOutAt is { } end && expires.AddMilliseconds(1) >= end;
        if (isLastPart && left <= TimeSpan.Zero)
            yield return new(ExplanationCode.WorkerSilent, "The attempt's time is over without a word of the worker. The job is being taken back.");
        // A worker beats three times a lease: two beats have failed to come.
        else if (!isLastPart && left < duration / 3)
            yield return new(ExplanationCode.WorkerSilent, Silent(left, duration));
    }

    private static ExplanationReason Failed(ExplainFacts facts)
    {
        var job = facts.Job;
        return job.Reason switch
        {
            FailReason.Cancelled => new(ExplanationCode.Cancelled, $"The job was cancelled {Ago(facts, job.FinishedAt)}."),
            FailReason.Discarded => new(ExplanationCode.Discarded, "The job failed and was then discarded from the dead letter queue."),
            FailReason.Poison => new(
                ExplanationCode.DeadLettered, $"The process died {job.Crashes} times while this job ran; it waits in the dead letter queue."),
            FailReason.PermanentError => new(
                ExplanationCode.DeadLettered, $"Attempt {job.Attempts} failed with a permanent error {Ago(facts, job.FinishedAt)}; the job waits in the dead letter queue."),
            _ => new(ExplanationCode.DeadLettered, $"{Exhausted(job)} {Ago(facts, job.FinishedAt)}; the job waits in the dead letter queue."),
        };
    }

    private static string Exhausted(Job job) => job.MaxRetries switch
    {
        0 => "The only attempt failed",
        1 => "The only retry failed",
        _ => $"The last of {job.MaxRetries} retries failed",
    };

    private static string ConcurrencyReached(string tenant, TenantUsage usage) => usage.Limits.MaxConcurrent == 0
        ? $"Tenant {tenant} may not run any job: its limit of running jobs is 0."
        : $"Tenant {tenant} has {usage.Running} of at most {usage.Limits.MaxConcurrent} jobs running.";

    private static string Down(ExplainFacts facts, TargetDown down)
    {
        var text = $"{down.Target} failed {Number(down.Failures)} times in a row, the last time with {down.ErrorType}, and is left alone.";
        return down.NextProbeAt > facts.Now
            ? $"{text} One job will be tried in {Span(down.NextProbeAt - facts.Now)}; the others wait for its answer, and no retry is counted."
            : $"{text} One job is being tried; the others wait for its answer, and no retry is counted.";
    }

    private static string NoFreeWorker(ExplainFacts facts)
    {
        var type = facts.Job.Type;
        var workers = facts.Workers.DistinctBy(worker => (worker.Tenant, worker.Process, worker.Name)).Count();
        var jobs = facts.Busy == 1 ? "1 job" : $"{Number(facts.Busy)} jobs";
        return (workers, facts.Busy) switch
        {
            (1, 0) => $"The one worker for type {type} is not asking for a job at this moment.",
            (1, _) => $"The one worker for type {type} is busy with {jobs}.",
            (_, 0) => $"None of the {workers} workers for type {type} is asking for a job at this moment.",
            _ => $"All {workers} workers for type {type} are busy, with {jobs} in all.",
        };
    }

    private static string Silent(TimeSpan left, TimeSpan duration)
    {
        var since = $"The worker has not been heard of for {Span(duration - left)}.";
        return left > TimeSpan.Zero ? $"{since} The job is taken back in {Span(left)}." : $"{since} The job is being taken back.";
    }

    private static string Paused(ExplainFacts facts, QueuePause pause)
    {
        var by = pause.PausedBy.StartsWith("user:", StringComparison.Ordinal) ? pause.PausedBy["user:".Length..] : pause.PausedBy;
        var text = $"Queue {facts.Job.Queue} was paused by {by} {Ago(facts, pause.PausedAt)}";
        if (!string.IsNullOrWhiteSpace(pause.Reason))
            text += $": {pause.Reason.Trim()}";
        return pause.Until is { } until ? $"{text} (for {Span(until - facts.Now)} more)." : $"{text}.";
    }

    /// <summary>
    /// Blocked without a known end: null. Not due yet: when it is, as how busy the workers are now says nothing of then. Else when
    /// the jobs ahead are through, as fast as jobs ended lately.
    /// </summary>
    private static DateTimeOffset? Estimate(ExplainFacts facts, IReadOnlyList<ExplanationReason> reasons)
    {
        if (facts.Job.Status != JobStatus.Pending || facts.Workers.Count == 0 || facts.Pause is { Until: null } || facts.TargetDown is not null)
            return null;
        var start = facts.Job.RunAt > facts.Now ? facts.Job.RunAt : facts.Now;
        if (facts.Pause?.Until is { } until && until > start)
            start = until;
        var waits = facts.Job.RunAt <= facts.Now && reasons.Any(reason => reason.Code
            is ExplanationCode.BehindOtherJobs or ExplanationCode.NoFreeWorker or ExplanationCode.TenantConcurrencyReached);
        if (!waits)
            return start;
        if (facts.EndedPerMinute <= 0 || facts.Ahead > ExplainFacts.MaxAhead)
            return null;
        return start + TimeSpan.FromMinutes(((facts.Ahead ?? 0) + 1) / facts.EndedPerMinute);
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ago(ExplainFacts facts, DateTimeOffset? then) =>
        then is { } at ? $"{Span(facts.Now - at)} ago" : "some time ago";

    /// <summary>A length of time as people say it, in its largest unit.</summary>
    private static string Span(TimeSpan span)
    {
        var (value, unit) = span switch
        {
            { TotalSeconds: < 1 } => (0, ""),
            { TotalSeconds: < 120 } => ((int)span.TotalSeconds, "second"),
            { TotalMinutes: < 120 } => ((int)span.TotalMinutes, "minute"),
            { TotalHours: < 48 } => ((int)span.TotalHours, "hour"),
            _ => ((int)span.TotalDays, "day"),
        };
        return value == 0 ? "less than a second" : $"{value} {unit}{(value == 1 ? "" : "s")}";
    }
}
