using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Controlling;

/// <summary>A slice of a bulk command over the dead letter queue. Answers how many were changed.</summary>
/// <param name="deaths">What the bulk command means: a job that has run since, or died once more, is not touched.</param>
internal sealed class BulkCommand(IReadOnlyList<Death> deaths, bool requeue, Actor actor, CancellationToken cancellationToken)
    : StoreCommand<int>(cancellationToken)
{
    public override bool Refusable => requeue;

    public override long Bytes => 0;

    public override int Jobs => deaths.Count;

    protected override int Run(WriteContext context)
    {
        var changed = 0;
        foreach (var death in deaths)
        {
            if (Control.Find(context, death.JobId, actor) is not { DeadLettered: true } job || job.Attempts != death.Attempts)
                continue;
            Control.Audit(context, actor, requeue ? "job.requeue" : "job.discard", job, "bulk");
            if (requeue)
                Control.Reopen(context, job, null, actor);
            else
                Control.Discard(context, job, actor);
            changed++;
        }

        return changed;
    }
}
