using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board.Targets;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>Ends an attempt and reads its job, which here costs a fraction of a query after the commit.</summary>
/// <param name="arrived">When it came, on the clock that does not jump.</param>
internal sealed class SettleAndReadCommand(LeaseToken token, TenantId? scope, JobOutcome outcome, long arrived)
    : StoreCommand<Job?>(CancellationToken.None)
{
    public override bool Refusable => false;

    public override long Bytes => outcome.Bytes;

    protected override Job? Run(WriteContext context)
    {
        if (Leases.Current(context, token, scope, arrived) is not { } lease)
            return null;
        context.Settle(lease, outcome, onlySuspect: true);
        var (job, tenant) = (JobRowReader.Find(context, token.Job, withTexts: true)!, lease.Lane.Tenant);
        return job.Status != JobStatus.Pending ? job : job with
        {
            WaitingFor = Waiting.For(job.RunAt, context.Now, job.Retries, context.Board.HoldupsOf(tenant, job.Queue, job.Target)),
        };
    }
}
