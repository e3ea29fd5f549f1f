using JobQueue.Jobs.Store;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Working.Ending;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Controlling;

internal sealed class ResumeQueueCommand(TenantId tenant, string queue, Actor actor, CancellationToken cancellationToken)
    : ControlCommand<bool>(cancellationToken)
{
    private ControlTransaction? _transaction;

    public override void Complete()
    {
        _transaction!.Services.Paused.Remove(tenant, queue);
        base.Complete();
    }

    protected override async Task<bool> RunAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        _transaction = transaction;
        await transaction.Services.Tenants.EnsureAsync(transaction.Session.Connection, [tenant.Value], cancellationToken);
        var resumed = false;
        await transaction.Trip().Read("resume_queue", _ => resumed = true, Sent.Value(tenant.Value), Sent.Value(queue)).RunAsync(cancellationToken);
        if (resumed)
            QueueMoves.Resumed(transaction.Services, transaction.Writes, tenant, queue, actor.Name, transaction.Now);
        transaction.Audit(actor, "queue.resume", transaction.Services.Tenants[tenant].Name, queue, null);
        return resumed;
    }
}
