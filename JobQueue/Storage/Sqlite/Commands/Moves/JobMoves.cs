using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Moves;

/// <summary>
/// The moves of a job between tables, each with its counters and its event. They run inside the writer's transaction, so a
/// crash leaves a move done or not done, never half.
/// </summary>
internal static class JobMoves
{
    /// <summary>The lane for new jobs of this name, opened if need be.</summary>
    public static Lane LaneFor(this WriteContext context, TenantState tenant, string queue, string type, bool suspect)
    {
        if (context.Board.FindLane(tenant, queue, type, suspect) is { } known)
            return known;
        var rows = context.Sql.InsertLane.Bind(tenant.Id.Value).Bind(queue).Bind(type).Bind(suspect ? 1 : 0);
        rows.Step();
        var lane = new Lane(rows.Int32(0), tenant, queue, type, suspect);
        rows.Reset();
        context.Board.Add(lane);
        return lane;
    }

    /// <summary>Lets a job wait: in its lane when it is due, else in the schedule.</summary>
    /// <param name="asked">The wait that was asked for in seconds; <see langword="null"/> where a moment was.</param>
    public static void Wait(this WriteContext context, Lane lane, JobId id, int priority, long dueAt, TimeSpan? asked = null)
    {
        context.Board.AddPending(lane, 1);
        if (dueAt <= context.NowMilliseconds)
        {
            context.MakeReady(lane, new ReadyKey(-priority, dueAt, id));
            return;
        }

        context.Sql.InsertScheduled.Bind(dueAt).Bind(id).Bind(lane.Id).Bind(-priority)
            .Bind((long?)asked?.TotalMilliseconds).Run();
        if (context.NextDue is { } next && dueAt < next)
            context.NextDue = dueAt;
    }

    public static void MakeReady(this WriteContext context, Lane lane, ReadyKey key)
    {
        lane.Ready.Add(key);
        context.Board.AddReady(lane, key);
    }

    /// <summary>Takes a waiting job out of its lane, a siding of it, or the schedule.</summary>
    /// <param name="target">Whom the job calls: it may stand aside for it.</param>
    public static void StopWaiting(this WriteContext context, Lane lane, JobId id, int priority, long dueAt, string? target)
    {
        context.Board.AddPending(lane, -1);
        context.Recent.Forget(id);
        var key = new ReadyKey(-priority, dueAt, id);
        ReadyLine? line = lane.Ready.Remove(context.Sql, key) ? lane
            : lane.Sidings.Find(siding => siding.Target.Name == target && siding.Ready.Remove(context.Sql, key));
        if (line is not null)
        {
            context.Board.RemoveReady(line);
            return;
        }

        context.Sql.DeleteScheduled.Bind(dueAt).Bind(id).RunOne("waiting job", id);
        context.NextDue = null;
    }

    /// <summary>Ends a live lease as its outcome and the table of moves say.</summary>
    /// <returns>Where the job stands then.</returns>
    public static JobStatus Settle(this WriteContext context, Lease lease, JobOutcome outcome, bool onlySuspect)
    {
        if (outcome.Report is { } report)
            context.Keep(lease, report);
        outcome = context.HeedTarget(lease, outcome);
        context.Sql.DeleteLease.Bind(lease.Token.Job).Bind(lease.Token.Secret).RunOne("lease of job", lease.Token.Job);
        context.Board.RemoveLease(lease);
        var attempt = new RunningAttempt(lease.Retries, lease.MaxRetries, lease.Crashes, lease.CancelRequested, onlySuspect);
        switch (JobTransitions.Decide(attempt, outcome, context.Retries, context.RandomUnit()))
        {
            case JobTransition.Finish finish:
                context.Finish(lease, finish, outcome);
                return JobStatus.Done;
            case JobTransition.Retry retry:
                context.Retry(lease, retry, outcome);
                return JobStatus.Pending;
            case JobTransition.Ready ready:
                context.Return(lease, ready, outcome);
                return JobStatus.Pending;
            case JobTransition.End end:
                context.EndAttempt(lease, end, outcome);
                return JobStatus.Failed;
            case var unknown:
                throw new InvalidOperationException($"No move is known for {unknown}.");
        }
    }

    private static void Finish(this WriteContext context, Lease lease, JobTransition.Finish finish, JobOutcome outcome)
    {
        var (started, lane) = (context.Began(lease, outcome), lease.Lane);
        context.Sql.FinishJob.Bind(lease.Token.Job).Bind(finish.Result).Bind(lease.Attempt).Bind(started.ToUnixTimeMilliseconds())
            .Bind(context.NowMilliseconds).Bind(lease.Worker).RunOne("job", lease.Token.Job);
        context.Board.Change(lane);
        lane.Counters.Done++;
        lane.Happened.Done++;
        context.Say(lease, JobEventKind.Done, JobStatus.Done, started);
        context.CallBack(lease.Callback, lease.Token.Job, JobStatus.Done);
    }

    private static void Retry(this WriteContext context, Lease lease, JobTransition.Retry retry, JobOutcome outcome)
    {
        var (started, lane, error) = (context.Began(lease, outcome), lease.Lane, retry.Error);
        if (retry.Note is { } note)
            context.Keep(lease, new AttemptReport(null, [note]));
        var dueAt = context.NowMilliseconds + (long)retry.Delay.TotalMilliseconds;
        context.Sql.RetryJob.Bind(lease.Token.Job).Bind(dueAt).Bind(lease.Attempt).Bind(started.ToUnixTimeMilliseconds())
            .Bind(lease.Worker).Bind(error.Message).Bind(error.Type).RunOne("job", lease.Token.Job);
        context.KeepAttempt(lease, AttemptOutcome.Failed, started, error);
        context.Wait(lane, lease.Token.Job, lease.Priority, dueAt, retry.Delay);
        lane.Happened.Retried++;
        context.Say(lease, JobEventKind.Failed, JobStatus.Pending, started, error);
        context.Events.Add(Event(lease, JobEventKind.RetryScheduled, JobStatus.Pending, context.Now) with
        {
            RunAt = DateTimeOffset.FromUnixTimeMilliseconds(dueAt),
            Error = error,
        });
    }

    private static void Return(this WriteContext context, Lease lease, JobTransition.Ready ready, JobOutcome outcome)
    {
        var lane = lease.Lane;
        var suspect = ready.Crashes >= JobTransitions.SuspectCrashes;
        if (lane.Suspect != suspect)
            lane = context.LaneFor(lane.Tenant, lane.Queue, lane.Type, suspect);
        var began = context.Began(lease, outcome);
        // What was leased ahead and never began leaves no trace of an attempt.
        var neverBegan = lease.InProcess && ready.Outcome == AttemptOutcome.Released && outcome.StartedAt is null;
        if (!neverBegan)
        {
            context.Sql.ReturnJob.Bind(lease.Token.Job).Bind(lane.Id).Bind(ready.Crashes).Bind(lease.Attempt)
                .Bind(began.ToUnixTimeMilliseconds()).Bind(lease.Worker).RunOne("job", lease.Token.Job);
            context.KeepAttempt(lease, ready.Outcome, began, null);
        }

        // Ready at once, also when the clock went back behind the time it was due.
        context.Board.AddPending(lane, 1);
        context.MakeReady(lane, new ReadyKey(-lease.Priority, lease.RunAt, lease.Token.Job));
        var kind = ready.Outcome == AttemptOutcome.Crashed ? JobEventKind.LeaseExpired : JobEventKind.Released;
        context.Say(lease, kind, JobStatus.Pending, began);
    }

    private static void EndAttempt(this WriteContext context, Lease lease, JobTransition.End end, JobOutcome outcome)
    {
        var (started, lane) = (context.Began(lease, outcome), lease.Lane);
        var error = end.Error;
        context.KeepAttempt(lease, end.Outcome, started, error);
        context.Sql.EndJob.Bind(lease.Token.Job).Bind((long)end.Reason).Bind(end.Crashes).Bind(lease.Attempt)
            .Bind(started.ToUnixTimeMilliseconds()).Bind(context.NowMilliseconds).Bind(lease.Worker).Bind(error?.Message).Bind(error?.Type).RunOne("job", lease.Token.Job);
        context.Board.Change(lane);
        lane.Counters.Failed++;
        lane.Happened.Failed++;
        if (end.Reason == FailReason.Poison)
            context.Say(lease, JobEventKind.LeaseExpired, JobStatus.Failed, started);
        if (end.Reason == FailReason.Cancelled)
        {
            context.Say(lease, JobEventKind.Cancelled, JobStatus.Failed, started, error, end.Reason);
        }
        else
        {
            context.Say(lease, JobEventKind.Failed, JobStatus.Failed, started, error, end.Reason);
            context.DeadLetter(lease, end.Reason, error!);
        }

        context.CallBack(lease.Callback, lease.Token.Job, JobStatus.Failed);
    }

    private static void DeadLetter(this WriteContext context, Lease lease, FailReason reason, JobError error)
    {
        context.Sql.InsertDeadLetter.Bind(lease.Token.Job).Bind(lease.Lane.Tenant.Id.Value).Bind(lease.Lane.Id).Bind((long)reason)
            .Bind(error.Message).Bind(error.Type).Bind(Fingerprint.Of(lease.Lane.Type, error)).Bind(lease.Attempt)
            .Bind(context.NowMilliseconds).Run();
        lease.Lane.Counters.Dead++;
        context.Events.Add(Event(lease, JobEventKind.DeadLettered, JobStatus.Failed, context.Now) with { Reason = reason, Error = error });
    }

    private static void KeepAttempt(
        this WriteContext context, Lease lease, AttemptOutcome outcome, DateTimeOffset started, JobError? error)
    {
        lease.Lane.Happened.RunMilliseconds += Math.Max(0, (long)(context.Now - started).TotalMilliseconds);
        context.Board.Change(lease.Lane);
        context.Sql.InsertAttempt.Bind(lease.Token.Job).Bind(lease.Attempt).Bind(lease.Worker).Bind(started.ToUnixTimeMilliseconds())
            .Bind(context.NowMilliseconds).Bind((long)outcome).Bind(error?.Message).Bind(error?.Type).Run();
    }

    private static void Say(
        this WriteContext context,
        Lease lease,
        JobEventKind kind,
        JobStatus status,
        DateTimeOffset started,
        JobError? error = null,
        FailReason? reason = null)
    {
        if (kind == JobEventKind.Done)
            lease.Lane.Happened.RunMilliseconds += Math.Max(0, (long)(context.Now - started).TotalMilliseconds);
        context.Events.Add(Event(
            lease, kind, status, context.Now, error, reason, duration: context.Now > started ? context.Now - started : TimeSpan.Zero));
    }

    public static JobEvent Event(
        Lease lease,
        JobEventKind kind,
        JobStatus status,
        DateTimeOffset at,
        JobError? error = null,
        FailReason? reason = null,
        TimeSpan? wait = null,
        TimeSpan? duration = null) => new()
        {
            Kind = kind,
            JobId = lease.Token.Job,
            TenantId = lease.Lane.Tenant.Id,
            Tenant = lease.Lane.Tenant.Name,
            Queue = lease.Lane.Queue,
            Type = lease.Lane.Type,
            Status = status,
            At = at,
            Trace = lease.Trace,
            Attempt = lease.Attempt,
            Worker = lease.Worker,
            Error = error,
            Reason = reason,
            Wait = wait,
            Duration = duration,
        };

    /// <summary>A handler that began "before" its lease or "after" its end had a clock that was set: the nearer bound counts.</summary>
    private static DateTimeOffset Began(this WriteContext context, Lease lease, JobOutcome outcome)
    {
        if (outcome.StartedAt is not { } began || began <= lease.StartedAt)
            return lease.StartedAt;
        return began < context.Now ? DateTimeOffset.FromUnixTimeMilliseconds(began.ToUnixTimeMilliseconds()) : context.Now;
    }
}
