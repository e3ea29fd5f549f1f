using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Working.Ending;
using JobQueue.Storage.Postgres.Writing.Rows;

namespace JobQueue.Storage.Postgres.Controlling;

/// <summary>Pending: ends at once. Running: asks the worker to stop, wherever it runs.</summary>
internal sealed class CancelCommand(JobId id, Actor actor, CancellationToken cancellationToken) : ControlCommand<ControlResult>(cancellationToken)
{
    protected override async Task<ControlResult> RunAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        var lease = await transaction.LockLeaseAsync(id, cancellationToken);
        if (!(await transaction.LockAsync([id], actor, cancellationToken)).TryGetValue(id, out var job))
            return ControlResult.NotFound;
        if (job.Status != JobStatus.Pending)
            return ControlResult.WrongState;
        transaction.Audit(actor, "job.cancel", job);
        if (lease is not null)
        {
            var (tenant, lane) = (transaction.Services.Tenants[job.TenantId], transaction.LaneOf(job));
            transaction.Writes.CancelRequested.Add(id);
            transaction.Writes.Events.Add(
                lease.Event(tenant, lane, JobEventKind.CancelRequested, JobStatus.Running, transaction.Now) with { Actor = actor.Name });
            return ControlResult.CancelRequested;
        }

        await StopWaitingAsync(transaction, job, cancellationToken);
        transaction.Writes.Events.Add(
            transaction.Event(job, JobEventKind.Cancelled, JobStatus.Failed, actor) with { Reason = FailReason.Cancelled });
        if (job.Callback?.Wants(JobStatus.Failed) == true)
        {
            var telling = new EndTelling(transaction.Services, transaction.Session, transaction.Writes);
            await telling.TellAsync([(id, JobStatus.Failed)], transaction.Now, cancellationToken);
        }

        return ControlResult.Changed;
    }

    /// <exception cref="StaleReadException">It has been leased meanwhile.</exception>
    private static async Task StopWaitingAsync(ControlTransaction transaction, Job job, CancellationToken cancellationToken)
    {
        var (lane, line) = (transaction.LaneOf(job), (int?)null);
        await transaction.Trip().Read(
            "take_waiting",
            row => line = row.GetInt32(0),
            Sent.Value(lane.Id),
            Sent.Id(job.Id),
            Sent.Value(-job.Priority),
            Sent.Value(job.RunAt.ToUnixTimeMilliseconds())).RunAsync(cancellationToken);
        if (line is null)
            throw new StaleReadException($"Job {job.Id} does not wait any more.");
        var change = transaction.Writes.Lane(lane);
        change.Pending--;
        change.Failed++;
        if (line == lane.Id)
            change.Ready--;
        transaction.Writes.Moves.Add(new JobMove(job.Id, JobStatus.Pending, JobStatus.Failed)
        {
            Lane = lane.Id,
            Reason = FailReason.Cancelled,
            Retries = job.Retries,
            Crashes = job.Crashes,
            RunAt = job.RunAt.ToUnixTimeMilliseconds(),
            Attempts = job.Attempts,
            StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
            FinishedAt = transaction.Now,
            Worker = job.Worker,
            Error = job.Error,
        });
    }
}
