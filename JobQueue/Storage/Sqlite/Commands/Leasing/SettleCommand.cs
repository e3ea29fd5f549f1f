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

    protected override SettleResult Run(WriteContext context) =>
        Leases.Current(context, token, scope, arrived) is { } lease && context.Settle(lease, outcome, onlySuspect: true)
            ? SettleResult.Settled
            : SettleResult.LeaseLost;
}
