using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Controlling;

internal static class Control
{
    /// <summary>The job as its row says, without its texts, if the actor may see it. A leased one reads as pending.</summary>
    public static Job? Find(WriteContext context, JobId id, Actor actor) =>
        JobRowReader.Find(context, id, withTexts: false) is { } job && (actor.Scope is not { } scope || scope == job.TenantId) ? job : null;

    public static void Reopen(WriteContext context, Job job, ReadOnlyMemory<byte>? payload, Actor actor)
    {
        var was = Leave(context, job);
        was.Counters.Failed--;
        var lane = context.LaneFor(was.Tenant, was.Queue, was.Type, suspect: false);
        context.Sql.ReopenJob.Bind(job.Id).Bind(lane.Id).Bind(context.NowMilliseconds).Bind(payload)
            .Bind(payload is { } mended ? JobTarget.Of(job.Type, mended.Span) : null)
            .RunOne("job", job.Id);
        context.Wait(lane, job.Id, job.Priority, context.NowMilliseconds);
        context.Events.Add(Event(context, job, JobEventKind.Requeued, JobStatus.Pending, actor));
    }

    public static void Discard(WriteContext context, Job job, Actor actor)
    {
        Leave(context, job);
        context.Sql.DiscardJob.Bind(job.Id).RunOne("job", job.Id);
        context.Events.Add(
            Event(context, job, JobEventKind.Discarded, JobStatus.Failed, actor) with { Reason = FailReason.Discarded });
    }

    /// <summary>Takes a failed job out of the dead letter queue, if it stands there. Answers its lane.</summary>
    private static Lane Leave(WriteContext context, Job job)
    {
        var lane = JobRowReader.LaneOf(context, job);
        context.Board.Change(lane);
        if (!job.DeadLettered)
            return lane;
        context.Sql.DeleteDeadLetter.Bind(job.Id).RunOne("dead letter", job.Id);
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
