using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Controlling;

/// <summary>Lets failed jobs run again: by a retry, or out of the dead letter queue, perhaps with a mended payload.</summary>
internal sealed class ReopenCommand(JobId id, Actor actor, bool deadOnly, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken)
    : StoreCommand<ControlResult>(cancellationToken)
{
    public override bool Refusable => true;

    public override long Bytes => payload?.Length ?? 0;

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
