using JobQueue.Jobs;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands;

/// <summary>Pending: ends at once. Running: asks the worker to stop.</summary>
internal sealed class CancelCommand(JobId id, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<ControlResult>(cancellationToken)
{
    protected override ControlResult Run(WriteContext context)
    {
        if (Control.Find(context, id, actor) is not { } job)
            return ControlResult.NotFound;
        if (job.Status != JobStatus.Pending)
            return ControlResult.WrongState;
        Control.Audit(context, actor, "job.cancel", job);
        if (context.Board.FindLease(id) is { } lease)
        {
            lease.CancelRequested = true;
            context.Sql.CancelLease.Bind(id).Bind(context.NowMilliseconds).Run();
            context.Events.Add(JobMoves.Event(lease, JobEventKind.CancelRequested, JobStatus.Running, context.Now) with { Actor = actor.Name });
            return ControlResult.CancelRequested;
        }

        var lane = JobRowReader.LaneOf(context, job);
        context.StopWaiting(lane, id, job.Priority, job.RunAt.ToUnixTimeMilliseconds());
        context.Sql.EndJob.Bind(id).Bind((long)FailReason.Cancelled).Bind(job.Crashes).Bind(job.Attempts)
            .Bind(job.StartedAt?.ToUnixTimeMilliseconds()).Bind(context.NowMilliseconds).Bind(job.Worker)
            .Bind(job.Error?.Message).Bind(job.Error?.Type).Run();
        lane.Counters.Failed++;
        context.Events.Add(Control.Event(context, job, JobEventKind.Cancelled, JobStatus.Failed, actor) with { Reason = FailReason.Cancelled });
        return ControlResult.Changed;
    }
}

/// <summary>Lets failed jobs run again: by a retry, or out of the dead letter queue, perhaps with a mended payload.</summary>
internal sealed class ReopenCommand(JobId id, Actor actor, bool deadOnly, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken)
    : StoreCommand<ControlResult>(cancellationToken)
{
    public override int Bytes => payload?.Length ?? 0;

    protected override ControlResult Run(WriteContext context)
    {
        if (Control.Find(context, id, actor) is not { } job)
            return ControlResult.NotFound;
        if (job.Status != JobStatus.Failed || (deadOnly && !job.DeadLettered))
            return ControlResult.WrongState;
        Control.Audit(context, actor, deadOnly ? "job.requeue" : "job.retry", job, payload is null ? null : "payload edited");
        Control.Reopen(context, job, payload, actor);
        return ControlResult.Changed;
    }
}

/// <summary>Gives a dead letter up.</summary>
internal sealed class DiscardCommand(JobId id, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<ControlResult>(cancellationToken)
{
    protected override ControlResult Run(WriteContext context)
    {
        if (Control.Find(context, id, actor) is not { } job)
            return ControlResult.NotFound;
        if (!job.DeadLettered)
            return ControlResult.WrongState;
        Control.Audit(context, actor, "job.discard", job);
        Control.Discard(context, job, actor);
        return ControlResult.Changed;
    }
}

/// <summary>A slice of a bulk command over the dead letter queue. Answers how many were changed.</summary>
/// <param name="deaths">What the bulk command means: a job that has run since, or died once more, is not touched.</param>
internal sealed class BulkCommand(IReadOnlyList<Death> deaths, bool requeue, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<int>(cancellationToken)
{
    protected override int Run(WriteContext context)
    {
        var changed = 0;
        foreach (var death in deaths)
        {
            if (Control.Find(context, death.JobId, actor) is not { DeadLettered: true } job || job.Attempts != death.Attempts)
                continue;
            Control.Audit(context, actor, requeue ? "job.requeue" : "job.discard", job, "bulk");
            if (requeue)
                Control.Reopen(context, job, null, actor);
            else
                Control.Discard(context, job, actor);
            changed++;
        }

        return changed;
    }
}

/// <summary>One death of a job, told from any other by the attempts made until then, whatever the clock says.</summary>
internal readonly record struct Death(JobId JobId, int Attempts);

internal sealed class PauseQueueCommand(
    TenantId tenant, string queue, string? reason, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<bool>(cancellationToken)
{
    protected override bool Run(WriteContext context)
    {
        QueueMoves.Pause(context, new PausedQueue(tenant, queue, context.Now, actor.Name, reason, until));
        Control.Audit(context, actor, "queue.pause", context.Board.Tenant(tenant).Name, queue, reason);
        return true;
    }
}

internal sealed class ResumeQueueCommand(TenantId tenant, string queue, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<bool>(cancellationToken)
{
    protected override bool Run(WriteContext context)
    {
        QueueMoves.Resume(context, tenant, queue, actor.Name);
        Control.Audit(context, actor, "queue.resume", context.Board.Tenant(tenant).Name, queue, null);
        return true;
    }
}

internal static class Control
{
    /// <summary>The job as its row says, if the actor may see it. A leased one reads as pending.</summary>
    public static Job? Find(WriteContext context, JobId id, Actor actor) =>
        JobRowReader.Find(context, id) is { } job && (actor.Scope is not { } scope || scope == job.TenantId) ? job : null;

    public static void Reopen(WriteContext context, Job job, ReadOnlyMemory<byte>? payload, Actor actor)
    {
        var was = Leave(context, job);
        was.Counters.Failed--;
        var lane = context.LaneFor(was.Tenant, was.Queue, was.Type, suspect: false);
        context.Sql.ReopenJob.Bind(job.Id).Bind(lane.Id).Bind(context.NowMilliseconds).Bind(payload).Run();
        context.Wait(lane, job.Id, job.Priority, context.NowMilliseconds);
        context.Events.Add(Event(context, job, JobEventKind.Requeued, JobStatus.Pending, actor));
    }

    public static void Discard(WriteContext context, Job job, Actor actor)
    {
        Leave(context, job);
        context.Sql.DiscardJob.Bind(job.Id).Run();
        context.Events.Add(
            Event(context, job, JobEventKind.Discarded, JobStatus.Failed, actor) with { Reason = FailReason.Discarded });
    }

    /// <summary>Takes a failed job out of the dead letter queue, if it stands there. Answers its lane.</summary>
    private static Lane Leave(WriteContext context, Job job)
    {
        var lane = JobRowReader.LaneOf(context, job);
        context.Board.Change(lane);
        if (job.DeadLettered && context.Sql.DeleteDeadLetter.Bind(job.Id).Run() == 1)
            lane.Counters.Dead--;
        return lane;
    }

    public static JobEvent Event(WriteContext context, Job job, JobEventKind kind, JobStatus status, Actor actor) => new()
    {
        Kind = kind,
        JobId = job.Id,
        TenantId = job.TenantId,
        Tenant = job.Tenant,
        Queue = job.Queue,
        Type = job.Type,
        Status = status,
        At = context.Now,
        Trace = job.Trace,
        Attempt = job.Attempts,
        Actor = actor.Name,
    };

    public static void Audit(WriteContext context, Actor actor, string action, Job job, string? detail = null) =>
        Audit(context, actor, action, job.Tenant, job.Id.ToString(), detail);

    public static void Audit(WriteContext context, Actor actor, string action, string tenant, string target, string? detail) =>
        context.Sql.InsertAudit.Bind(context.NowMilliseconds).Bind(actor.Name).Bind(action).Bind(tenant).Bind(target).Bind(detail)
            .Bind(actor.RemoteAddress).Run();
}
