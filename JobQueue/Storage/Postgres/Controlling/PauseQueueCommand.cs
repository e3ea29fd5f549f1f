using JobQueue.Jobs.Store;
using JobQueue.Queues;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Working.Ending;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Controlling;

internal sealed class PauseQueueCommand(
    TenantId tenant, string queue, string? reason, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken)
    : ControlCommand<QueuePause>(cancellationToken)
{
    private ControlTransaction? _transaction;

    public override void Complete()
    {
        _transaction!.Services.Paused.Add(tenant, queue, Result!);
        base.Complete();
    }

    protected override async Task<QueuePause> RunAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        _transaction = transaction;
        await transaction.Services.Tenants.EnsureAsync(transaction.Session.Connection, [tenant.Value], cancellationToken);
        await transaction.Trip().Write(
            "pause_queue",
            null,
            Sent.Value(tenant.Value),
            Sent.Value(queue),
            Sent.Value(transaction.Now),
            Sent.Value(actor.Name),
            Sent.Value(reason),
            Sent.Value(until?.ToUnixTimeMilliseconds())).RunAsync(cancellationToken);
        QueueMoves.Paused(transaction.Services, transaction.Writes, tenant, queue, actor.Name, transaction.Now);
        transaction.Audit(actor, "queue.pause", transaction.Services.Tenants[tenant].Name, queue, reason);
        return new QueuePause(transaction.Moment, actor.Name, reason, until);
    }
}
