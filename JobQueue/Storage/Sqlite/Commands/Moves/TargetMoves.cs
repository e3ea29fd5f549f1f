using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Board.Targets;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Moves;

/// <summary>What the ends of attempts tell of the targets they called, and what follows for the jobs that wait for those.</summary>
internal static class TargetMoves
{
    /// <summary>
    /// Puts a lane's first job aside, as its target takes no call now: others of the lane need not wait for it. When this transaction
    /// has done that often enough the lane is passed over instead, and the next one goes on.
    /// </summary>
    public static void SetAside(this WriteContext context, Lane lane, ReadyKey first, string target)
    {
        if (!context.MaySetAside(lane))
            return;
        var board = context.Board;
        lane.Ready.Take(first);
        board.RemoveReady(lane);
        if (lane.Count > 0)
            lane.Head = lane.Ready.First(context.Sql);
        var siding = board.Targets.SidingFor(lane, board.Targets.Of(lane.Tenant, target), context.Sql);
        siding.Ready.Add(first);
        board.AddReady(siding, first);
    }

    /// <summary>Notes what an attempt's end tells of its target.</summary>
    /// <returns>
    /// The outcome that counts: an attempt that fails because of a target that is known to be down is handed back, as it tells nothing of
    /// the job.
    /// </returns>
    public static JobOutcome HeedTarget(this WriteContext context, Lease lease, JobOutcome outcome)
    {
        if (lease.Target is not { } name || Breaker.IsFailure(outcome) is not { } isFailure)
            return outcome;
        var target = context.Board.Targets.Of(lease.Lane.Tenant, name);
        var before = target.Breaker;
        if (!isFailure)
        {
            if (before is null)
                return outcome;
            Close(context, target);
            if (before.HasOpened)
                Say(context, JobEventKind.TargetUp, target, lease, null);
            return outcome;
        }

        var failed = (JobOutcome.Failed)outcome;
        var asked = failed.RetryAfter ?? TimeSpan.Zero;
        var after = Breaker.AfterFailure(
            before,
            context.Elapsed,
            failed.Error.Type!,
            asked < context.Retries.MaxRetryAfter ? asked : context.Retries.MaxRetryAfter,
            isProbe: target.Probe == lease.Token.Job);
        Keep(context, target, after);
        if (after.HasOpened && after.OpenUntil != before?.OpenUntil)
            Say(context, JobEventKind.TargetDown, target, lease, after);
        return before is { HasOpened: true } && failed.Retryable && !lease.CancelRequested
            ? new JobOutcome.Released { StartedAt = outcome.StartedAt }
            : outcome;
    }

    /// <summary>Forgets targets that nobody has called since they failed.</summary>
    /// <param name="most">So many at a time.</param>
    public static void ForgetTargets(this WriteContext context, TimeSpan failedBefore, int most)
    {
        foreach (var target in context.Board.Targets.FailedBefore(failedBefore, context.Elapsed - Breaker.Memory).Take(most).ToList())
            Close(context, target);
    }

    private static void Close(WriteContext context, TargetState target)
    {
        context.Sql.DeleteBreaker.Bind(target.Tenant.Id.Value).Bind(target.Name).RunOne("breaker of", target.Name);
        context.Board.Targets.Set(target, null, context.Elapsed);
    }

    private static void Keep(WriteContext context, TargetState target, Breaker breaker)
    {
        var now = context.Elapsed;
        var rest = breaker.IsOpenAt(now) ? breaker.OpenUntil - now : TimeSpan.Zero;
        context.Sql.SaveBreaker.Bind(target.Tenant.Id.Value).Bind(target.Name).Bind(breaker.Failures)
            .Bind((context.Now - (now - breaker.FirstFailedAt)).ToUnixTimeMilliseconds()).Bind(breaker.ErrorType)
            .Bind((long)breaker.Pause.TotalMilliseconds).Bind(context.NowMilliseconds).Bind((long)rest.TotalMilliseconds).Run();
        context.Board.Targets.Set(target, breaker, now);
    }

    private static void Say(WriteContext context, JobEventKind kind, TargetState target, Lease lease, Breaker? breaker) =>
        context.Events.Add(new JobEvent
        {
            Kind = kind,
            JobId = default,
            TenantId = target.Tenant.Id,
            Tenant = target.Tenant.Name,
            Queue = lease.Lane.Queue,
            Type = lease.Lane.Type,
            Status = JobStatus.Pending,
            At = context.Now,
            Target = target.Name,
            Error = breaker is null ? null : new JobError(breaker.ErrorType, breaker.ErrorType),
            RunAt = breaker is null ? null : context.Now + (breaker.OpenUntil - context.Elapsed),
        });
}
