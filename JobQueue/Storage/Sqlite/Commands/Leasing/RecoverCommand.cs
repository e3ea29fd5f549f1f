using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>At start: what the predecessor's own workers held died with it; every such job may have started.</summary>
internal sealed class RecoverCommand() : StoreCommand<int>(CancellationToken.None)
{
    public override bool Refusable => false;

    public override long Bytes => 0;

    protected override int Run(WriteContext context)
    {
        var orphans = context.Board.Leases.Values.Where(lease => lease.InProcess).ToList();
        foreach (var lease in orphans)
            Leases.Expire(context, lease, orphans, context.Timestamp);
        foreach (var lease in context.Board.Leases.Values)
            Leases.Show(context, lease);
        ClockMoves.ShortenWaits(context);
        return orphans.Count;
    }
}
