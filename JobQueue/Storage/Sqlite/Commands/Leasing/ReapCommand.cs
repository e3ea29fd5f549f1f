using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>
/// Takes back leases that ran out. It runs every second, and looks after what else the clock brings: jobs that are due and
/// queues whose pause ends, should the timer for them have been late, and targets that have rested.
/// </summary>
/// <param name="arrived">
/// When it came, on the clock that does not jump. What came later may be a heartbeat that waits behind it, in time.
/// </param>
internal sealed class ReapCommand(long arrived) : StoreCommand<int>(CancellationToken.None)
{
    public override bool Refusable => false;

    public override long Bytes => 0;

    /// <summary>Every second but few, on most servers.</summary>
    public override bool FindsNothing(WriteContext context) =>
        context.NextDue > context.NowMilliseconds
        && !Leases.StoodStill(context)
        && !context.Board.Leases.Values.Any(lease => lease.Deadline <= arrived)
        && !context.Board.Targets.AnyRested(context.Elapsed)
        && !context.Board.Paused.Any(queue => queue.Until <= context.Now);

    protected override int Run(WriteContext context)
    {
        var board = context.Board;
        if (Leases.StoodStill(context))
        {
            foreach (var lease in board.Leases.Values)
                Leases.Extend(context, lease, lease.Duration);
        }

        board.LastReaped = context.Timestamp;
        var expired = board.Leases.Values.Where(lease => lease.Deadline <= arrived).ToList();
        foreach (var lease in expired)
            Leases.Expire(context, lease, expired, arrived);
        foreach (var queue in board.Paused.Where(queue => queue.Until <= context.Now).ToList())
            QueueMoves.Resume(context, queue.Tenant, queue.Name, "system:until");
        board.Targets.EndRests(context.Elapsed);
        ScheduleMoves.PromoteDue(context);
        return expired.Count;
    }
}
