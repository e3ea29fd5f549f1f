using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Controlling;

internal sealed class ResumeQueueCommand(TenantId tenant, string queue, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<bool>(cancellationToken)
{
    public override bool Refusable => false;

    public override long Bytes => 0;

    protected override bool Run(WriteContext context)
    {
        QueueMoves.Resume(context, tenant, queue, actor.Name);
        Control.Audit(context, actor, "queue.resume", context.Board.Tenant(tenant).Name, queue, null);
        return true;
    }
}
