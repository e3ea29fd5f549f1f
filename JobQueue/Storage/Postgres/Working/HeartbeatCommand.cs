using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Working;

/// <summary>Extends one lease and keeps what the heartbeat says.</summary>
/// <param name="arrived">When it came, on the clock that does not jump.</param>
internal sealed class HeartbeatCommand(LeaseToken token, TenantId? scope, AttemptReport report, long arrived) : PostgresCommand<HeartbeatResult?>
{
    public LeaseToken Token => token;

    public TenantId? Scope => scope;

    public AttemptReport Report => report;

    public long Arrived => arrived;

    public override bool Refusable => false;

    public override long Bytes { get; } = report.Bytes;
}
