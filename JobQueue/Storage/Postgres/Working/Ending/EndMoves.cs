using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Postgres.Writing.Rows;

namespace JobQueue.Storage.Postgres.Working.Ending;

/// <summary>The moves of jobs whose attempts end, each with its counters and its event.</summary>
/// <param name="now">The transaction's moment, in milliseconds.</param>
internal sealed class EndMoves(WriterServices services, Writes writes, Targets targets, AttemptLogs logs, long now)
{
    /// <summary>Jobs whose end is to be told, as they have become.</summary>
    public List<(JobId Id, JobStatus Status)> ToTell { get; } = [];

    /// <summary>Lanes of suspects must be open: see <see cref="LaneAfter"/>.</summary>
    public JobStatus Settle(HeldLease lease, JobOutcome outcome, bool onlySuspect)
    {
        var (tenant, lane) = (services.Tenants[lease.TenantId], services.Lanes[lease.LaneId]);
        if (outcome.Report is { } report)
            Keep(lease, report);
        outcome = targets.Heed(lease, outcome, tenant, lane, now);
        writes.LeasesOut.Add(lease.Token);
        writes.FreedTenants.Add(lease.TenantId);
        var attempt = new RunningAttempt(lease.Retries, lease.MaxRetries, lease.Crashes, lease.CancelRequested, onlySuspect);
        switch (JobTransitions.Decide(attempt, outcome, services.Retries, services.Random.NextUnit()))
        {
            case JobTransition.Finish finish:
                Finish(lease, tenant, lane, finish, outcome);
                return JobStatus.Done;
            case JobTransition.Retry retry:
                Retry(lease, tenant, lane, retry, outcome);
                return JobStatus.Pending;
            case JobTransition.Ready ready:
                Return(lease, tenant, lane, ready, outcome);
                return JobStatus.Pending;
            case JobTransition.End end:
                End(lease, tenant, lane, end, outcome);
                return JobStatus.Failed;
            case var unknown:
                throw new InvalidOperationException($"No move is known for {unknown}.");
        }
    }

    /// <summary>Keeps what an attempt says.</summary>
    public void Keep(HeldLease lease, AttemptReport report)
    {
        foreach (var line in logs.Take(lease, report.Lines))
            writes.Logs.Add(new NewLogLine(lease.Token.Job, line.Number, now, lease.Attempt, line.Text));
        if (report.Progress is { } progress)
            writes.Progress[lease.Token.Job] = progress;
        if (report.Progress is not null || report.Lines.Count > 0)
            writes.Events.Add(lease.Event(services.Tenants[lease.TenantId], services.Lanes[lease.LaneId], JobEventKind.Progress, JobStatus.Running, now) with
            {
                Progress = report.Progress,
            });
    }

    /// <summary>The lane of a job with so many crashes.</summary>
    public static LaneName LaneAfter(LaneInfo lane, int crashes) => lane.Name with { Suspect = crashes >= JobTransitions.SuspectCrashes };

    private void Finish(HeldLease lease, TenantInfo tenant, LaneInfo lane, JobTransition.Finish finish, JobOutcome outcome)
    {
        var started = Began(lease, outcome);
        writes.Moves.Add(Move(lease, JobStatus.Done, started) with { FinishedAt = now });
        if (finish.Result is { } result)
            writes.Results.Add((lease.Token.Job, result.ToArray()));
        var change = writes.Lane(lane);
        change.Done++;
        change.MinuteDone++;
        change.MinuteRunMilliseconds += Math.Max(0, now - started);
        Say(lease, tenant, lane, JobEventKind.Done, JobStatus.Done, started);
        Tell(lease, JobStatus.Done);
    }

    private void Retry(HeldLease lease, TenantInfo tenant, LaneInfo lane, JobTransition.Retry retry, JobOutcome outcome)
    {
        var (started, error) = (Began(lease, outcome), retry.Error);
        if (retry.Note is { } note)
            Keep(lease, new AttemptReport(null, [note]));
        var dueAt = now + (long)retry.Delay.TotalMilliseconds;
        writes.Moves.Add(Move(lease, JobStatus.Pending, started) with { Retries = lease.Retries + 1, RunAt = dueAt, Error = error });
        KeepAttempt(lease, lane, AttemptOutcome.Failed, started, error);
        writes.Wait(lane, lease.Token.Job, lease.Priority, dueAt, now, retry.Delay);
        writes.Lane(lane).MinuteRetried++;
        Say(lease, tenant, lane, JobEventKind.Failed, JobStatus.Pending, started, error);
        writes.Events.Add(lease.Event(tenant, lane, JobEventKind.RetryScheduled, JobStatus.Pending, now) with
        {
            RunAt = DateTimeOffset.FromUnixTimeMilliseconds(dueAt),
            Error = error,
        });
    }

    private void Return(HeldLease lease, TenantInfo tenant, LaneInfo lane, JobTransition.Ready ready, JobOutcome outcome)
    {
        var after = services.Lanes[LaneAfter(lane, ready.Crashes)];
        var began = Began(lease, outcome);
        // What was leased ahead and never began leaves no trace of an attempt.
        var neverBegan = lease.Process is not null && ready.Outcome == AttemptOutcome.Released && outcome.StartedAt is null;
        if (!neverBegan)
        {
            writes.Moves.Add(Move(lease, JobStatus.Pending, began) with { Lane = after.Id, Crashes = ready.Crashes, Error = lease.Error });
            KeepAttempt(lease, lane, ready.Outcome, began, null);
        }

        writes.Lane(after).Pending++;
        writes.MakeReady(after, new ReadyPlace(after.Id, -lease.Priority, lease.RunAt, lease.Token.Job));
        var kind = ready.Outcome == AttemptOutcome.Crashed ? JobEventKind.LeaseExpired : JobEventKind.Released;
        Say(lease, tenant, after, kind, JobStatus.Pending, began);
    }

    private void End(HeldLease lease, TenantInfo tenant, LaneInfo lane, JobTransition.End end, JobOutcome outcome)
    {
        var (started, error) = (Began(lease, outcome), end.Error);
        KeepAttempt(lease, lane, end.Outcome, started, error);
        writes.Moves.Add(Move(lease, JobStatus.Failed, started) with { Reason = end.Reason, Crashes = end.Crashes, FinishedAt = now, Error = error });
        var change = writes.Lane(lane);
        change.Failed++;
        change.MinuteFailed++;
        if (end.Reason == FailReason.Poison)
            Say(lease, tenant, lane, JobEventKind.LeaseExpired, JobStatus.Failed, started);
        if (end.Reason == FailReason.Cancelled)
        {
            Say(lease, tenant, lane, JobEventKind.Cancelled, JobStatus.Failed, started, error, end.Reason);
        }
        else
        {
            Say(lease, tenant, lane, JobEventKind.Failed, JobStatus.Failed, started, error, end.Reason);
            change.Dead++;
            writes.DeadIn.Add(new NewDeadLetter(
                lease.Token.Job, lease.TenantId, lane.Id, end.Reason, error!, Fingerprint.Of(lane.Type, error!), lease.Attempt, now));
            writes.Events.Add(lease.Event(tenant, lane, JobEventKind.DeadLettered, JobStatus.Failed, now) with { Reason = end.Reason, Error = error });
        }

        Tell(lease, JobStatus.Failed);
    }

    private void Tell(HeldLease lease, JobStatus end)
    {
        if (lease.Callback?.Wants(end) == true)
            ToTell.Add((lease.Token.Job, end));
    }

    /// <summary>The row as it is, but for what every end writes.</summary>
    private static JobMove Move(HeldLease lease, JobStatus status, long started) => new(lease.Token.Job, JobStatus.Pending, status)
    {
        Lane = lease.LaneId,
        Retries = lease.Retries,
        Crashes = lease.Crashes,
        RunAt = lease.RunAt,
        Attempts = lease.Attempt,
        StartedAt = started,
        Worker = lease.Worker,
    };

    private void KeepAttempt(HeldLease lease, LaneInfo lane, AttemptOutcome outcome, long started, JobError? error)
    {
        writes.Lane(lane).MinuteRunMilliseconds += Math.Max(0, now - started);
        writes.Attempts.Add(new EndedAttempt(lease.Token.Job, lease.Attempt, lease.Worker, started, now, outcome, error));
    }

    private void Say(
        HeldLease lease,
        TenantInfo tenant,
        LaneInfo lane,
        JobEventKind kind,
        JobStatus status,
        long started,
        JobError? error = null,
        FailReason? reason = null) => writes.Events.Add(lease.Event(tenant, lane, kind, status, now) with
        {
            Error = error,
            Reason = reason,
            Duration = TimeSpan.FromMilliseconds(Math.Max(0, now - started)),
        });

    /// <summary>A handler that began "before" its lease or "after" its end had another clock: the nearer bound counts.</summary>
    private long Began(HeldLease lease, JobOutcome outcome)
    {
        if (outcome.StartedAt?.ToUnixTimeMilliseconds() is not { } began || began <= lease.StartedAt)
            return lease.StartedAt;
        return Math.Min(began, now);
    }
}
