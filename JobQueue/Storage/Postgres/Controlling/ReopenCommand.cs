using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;

namespace JobQueue.Storage.Postgres.Controlling;

/// <summary>Lets failed jobs run again: by a retry, or out of the dead letter queue, perhaps with a mended payload.</summary>
internal sealed class ReopenCommand(JobId id, Actor actor, bool deadOnly, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken)
    : ControlCommand<ControlResult>(cancellationToken)
{
    public override bool Refusable => true;

    public override long Bytes => payload?.Length ?? 0;

    protected override async Task<ControlResult> RunAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        if (!(await transaction.LockAsync([id], actor, cancellationToken)).TryGetValue(id, out var job))
            return ControlResult.NotFound;
        if (job.Status != JobStatus.Failed || (deadOnly && !job.DeadLettered))
            return ControlResult.WrongState;
        transaction.Audit(actor, deadOnly ? "job.requeue" : "job.retry", job, payload is null ? null : "payload edited");
        await transaction.ReopenAsync(job, payload, actor, cancellationToken);
        return ControlResult.Changed;
    }
}
