using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;

namespace JobQueue.Dashboard.Pages.JobDetails;

/// <summary>Tells a job's life in order, with the time spent between. Pure.</summary>
internal static class JobTimeline
{
    public static IReadOnlyList<TimelineEntry> Of(Job job, IReadOnlyList<JobAttempt> attempts)
    {
        List<TimelineEntry> entries = [new("Submitted", $"by {job.SubmittedBy}", job.CreatedAt, TimelineTone.Neutral)];
        var last = job.CreatedAt;
        foreach (var attempt in attempts)
        {
            entries.Add(new TimelineEntry(
                $"Attempt {attempt.Number} started",
                attempt.Worker is { } worker ? $"on {worker}" : null,
                attempt.StartedAt,
                TimelineTone.Running,
                ("waited", attempt.StartedAt - last)));
            last = attempt.StartedAt;
            if (attempt is { FinishedAt: { } finished, Outcome: { } outcome })
            {
                entries.Add(new TimelineEntry(
                    $"Attempt {attempt.Number} {Ended(outcome)}",
                    attempt.Error is { } error ? error.Message : null,
                    finished,
                    outcome switch
                    {
                        AttemptOutcome.Done => TimelineTone.Good,
                        AttemptOutcome.Failed or AttemptOutcome.Crashed => TimelineTone.Bad,
                        _ => TimelineTone.Neutral,
                    },
                    ("ran", finished - last)));
                last = finished;
            }
        }

        if (Now(job, last) is { } now)
            entries.Add(now);
        return entries;
    }

    /// <summary>The last entry: where the job stands.</summary>
    private static TimelineEntry? Now(Job job, DateTimeOffset last) => job switch
    {
        { Status: JobStatus.Done } => null,
        { Status: JobStatus.Failed, Reason: { } reason, FinishedAt: { } finished } => new TimelineEntry(
            reason switch
            {
                FailReason.Cancelled => "Cancelled",
                FailReason.Discarded => "Discarded",
                _ => "Moved to the dead letters",
            },
            reason.IsDeadLetter() ? Words.Readable(reason) : null,
            finished,
            TimelineTone.Bad,
            finished - last >= TimeSpan.FromSeconds(1) ? ("waited", finished - last) : null),
        { Status: JobStatus.Running, CancelRequested: true } => new TimelineEntry("Told to stop", "waits for its handler to end", null, TimelineTone.Running),
        { Status: JobStatus.Running } => new TimelineEntry("Running", job.Progress?.Message, null, TimelineTone.Running),
        { WaitingFor: WaitingFor.Schedule or WaitingFor.Retry } => new TimelineEntry(
            job.WaitingFor == WaitingFor.Retry ? "Will be tried again" : "Scheduled",
            job.WaitingFor == WaitingFor.Retry ? $"retry {job.Retries} of {job.MaxRetries}" : null,
            job.RunAt,
            TimelineTone.Neutral),
        { WaitingFor: WaitingFor.QueuePaused } => new TimelineEntry("Waiting", "its queue is paused", null, TimelineTone.Neutral),
        { WaitingFor: WaitingFor.TenantLimit } => new TimelineEntry("Waiting", "its tenant runs as many jobs as it may", null, TimelineTone.Neutral),
        { WaitingFor: WaitingFor.QueueLimit } => new TimelineEntry("Waiting", $"as many calls as may go to {job.Target} are under way", null, TimelineTone.Neutral),
        { WaitingFor: WaitingFor.TargetDown } => new TimelineEntry("Waiting", $"for {job.Target} to answer again", null, TimelineTone.Neutral),
        _ => new TimelineEntry("Waiting", "for a free worker", null, TimelineTone.Neutral),
    };

    private static string Ended(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Done => "done",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.Crashed => "crashed",
        AttemptOutcome.Released => "handed back",
        _ => "cancelled",
    };
}
