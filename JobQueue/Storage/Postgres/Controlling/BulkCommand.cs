using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries.DeadLetters;

namespace JobQueue.Storage.Postgres.Controlling;

/// <summary>A slice of a bulk command over the dead letter queue. Answers how many were changed.</summary>
/// <param name="deaths">What the bulk command means: a job that has run since, or died once more, is not touched.</param>
internal sealed class BulkCommand(IReadOnlyList<Death> deaths, bool requeue, Actor actor, CancellationToken cancellationToken)
    : ControlCommand<int>(cancellationToken)
{
    public override bool Refusable => requeue;

    public override int Jobs => deaths.Count;

    protected override async Task<int> RunAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        var jobs = await transaction.LockAsync([.. deaths.Select(death => death.JobId).Distinct()], actor, cancellationToken);
        var changed = 0;
        foreach (var death in deaths)
        {
            if (!jobs.TryGetValue(death.JobId, out var job) || !job.DeadLettered || job.Attempts != death.Attempts)
                continue;
            transaction.Audit(actor, requeue ? "job.requeue" : "job.discard", job, "bulk");
            if (requeue)
                await transaction.ReopenAsync(job, null, actor, cancellationToken);
            else
                transaction.Discard(job, actor);
            changed++;
        }

        return changed;
    }
}
