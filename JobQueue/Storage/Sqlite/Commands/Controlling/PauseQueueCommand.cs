using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Controlling;

internal sealed class PauseQueueCommand(
    TenantId tenant, string queue, string? reason, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<bool>(cancellationToken)
{
    public override bool Refusable => false;

    public override long Bytes => 0;

    protected override bool Run(WriteContext context)
    {
        QueueMoves.Pause(context, new PausedQueue(tenant, queue, context.Now, actor.Name, reason, until));
        Control.Audit(context, actor, "queue.pause", context.Board.Tenant(tenant).Name, queue, reason);
        return true;
    }
}
