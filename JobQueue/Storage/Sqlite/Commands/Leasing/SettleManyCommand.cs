using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>Ends many attempts.</summary>
/// <param name="arrived">When they came, on the clock that does not jump.</param>
/// <param name="wish">Posts a wish for the next jobs: now, so that it is served by the same transaction and finds the ends done.</param>
internal sealed class SettleManyCommand(IReadOnlyList<AttemptEnd> ends, TenantId? scope, long arrived, Action wish)
    : StoreCommand<IReadOnlyList<SettledAttempt?>>(CancellationToken.None)
{
    private bool _wished;

    public override bool Refusable => false;

    public override int Jobs => ends.Count;

    public override long Bytes { get; } = ends.Sum(end => end.Outcome?.Bytes ?? 0);

    protected override IReadOnlyList<SettledAttempt?> Run(WriteContext context)
    {
        var settled = new SettledAttempt?[ends.Count];
        for (var i = 0; i < settled.Length; i++)
        {
            if (Leases.Current(context, ends[i].Lease, scope, arrived) is { } lease)
                settled[i] = new SettledAttempt(lease.Held, End(context, lease, ends[i].Outcome));
        }

        // A rollback undoes the ends; the wish stays with the writer.
        if (!_wished)
            wish();
        _wished = true;
        return settled;
    }

    private static JobStatus End(WriteContext context, Lease lease, JobOutcome? outcome) =>
        outcome is null ? JobStatus.Running : context.Settle(lease, outcome, onlySuspect: true);
}
