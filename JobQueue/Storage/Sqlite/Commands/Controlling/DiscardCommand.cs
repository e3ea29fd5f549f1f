using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Controlling;

/// <summary>Gives a dead letter up.</summary>
internal sealed class DiscardCommand(JobId id, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<ControlResult>(cancellationToken)
{
    public override bool Refusable => false;

    public override long Bytes => 0;

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
