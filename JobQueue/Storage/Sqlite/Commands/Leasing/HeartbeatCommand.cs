using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>Extends one lease and keeps what the heartbeat says.</summary>
/// <param name="arrived">When it came, on the clock that does not jump.</param>
internal sealed class HeartbeatCommand(LeaseToken token, TenantId? scope, AttemptReport report, long arrived)
    : StoreCommand<HeartbeatResult?>(CancellationToken.None)
{
    public override bool Refusable => false;

    public override long Bytes { get; } = report.Bytes;

    protected override HeartbeatResult? Run(WriteContext context)
    {
        if (Leases.Current(context, token, scope, arrived) is not { } lease)
            return null;
        Leases.Extend(context, lease, lease.Duration);
        context.Keep(lease, report);
        return new HeartbeatResult(lease.ExpiresAt, lease.CancelRequested)
        {
            Held = lease.Held,
        };
    }
}
