using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>Ends an attempt.</summary>
/// <param name="arrived">When it came, on the clock that does not jump.</param>
internal sealed class SettleCommand(LeaseToken token, TenantId? scope, JobOutcome outcome, long arrived)
    : StoreCommand<SettleResult>(CancellationToken.None)
{
    public override bool Refusable => false;

    public override long Bytes => outcome.Bytes;

    protected override SettleResult Run(WriteContext context)
    {
        if (Leases.Current(context, token, scope, arrived) is not { } lease)
            return SettleResult.LeaseLost;
        context.Settle(lease, outcome, onlySuspect: true);
        return SettleResult.Settled;
    }
}
