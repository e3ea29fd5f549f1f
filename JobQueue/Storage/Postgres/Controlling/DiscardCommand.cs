using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;

namespace JobQueue.Storage.Postgres.Controlling;

/// <summary>Gives a dead letter up.</summary>
internal sealed class DiscardCommand(JobId id, Actor actor, CancellationToken cancellationToken) : ControlCommand<ControlResult>(cancellationToken)
{
    protected override async Task<ControlResult> RunAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        if (!(await transaction.LockAsync([id], actor, cancellationToken)).TryGetValue(id, out var job))
            return ControlResult.NotFound;
        if (!job.DeadLettered)
            return ControlResult.WrongState;
        transaction.Audit(actor, "job.discard", job);
        transaction.Discard(job, actor);
        return ControlResult.Changed;
    }
}
