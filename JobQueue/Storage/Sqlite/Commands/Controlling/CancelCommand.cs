using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Controlling;

/// <summary>Pending: ends at once. Running: asks the worker to stop.</summary>
internal sealed class CancelCommand(JobId id, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<ControlResult>(cancellationToken)
{
    public override bool Refusable => false;

    public override long Bytes => 0;

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
            context.Sql.CancelLease.Bind(id).Bind(context.NowMilliseconds).RunOne("lease of job", id);
            context.Events.Add(JobMoves.Event(lease, JobEventKind.CancelRequested, JobStatus.Running, context.Now) with { Actor = actor.Name });
            return ControlResult.CancelRequested;
        }

        var lane = JobRowReader.LaneOf(context, job);
        context.StopWaiting(lane, id, job.Priority, job.RunAt.ToUnixTimeMilliseconds(), job.Target);
        context.Sql.EndJob.Bind(id).Bind((long)FailReason.Cancelled).Bind(job.Crashes).Bind(job.Attempts)
            .Bind(job.StartedAt?.ToUnixTimeMilliseconds()).Bind(context.NowMilliseconds).Bind(job.Worker)
            .Bind(job.Error?.Message).Bind(job.Error?.Type).RunOne("job", id);
        lane.Counters.Failed++;
        context.Events.Add(Control.Event(context, job, JobEventKind.Cancelled, JobStatus.Failed, actor) with { Reason = FailReason.Cancelled });
        context.CallBack(job.Callback, id, JobStatus.Failed);
        return ControlResult.Changed;
    }
}
