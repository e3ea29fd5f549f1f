using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>Extends one lease and keeps what the heartbeat says.</summary>
/// <param name="arrived">When it came, on the clock that does not jump.</param>
internal sealed class HeartbeatCommand(
    LeaseToken token, TenantId? scope, JobProgress? progress, IReadOnlyList<string> lines, long arrived)
    : StoreCommand<HeartbeatResult?>(CancellationToken.None)
{
    public override bool Refusable => false;

    public override long Bytes { get; } = sizeof(char) * (lines.Sum(line => (long)line.Length) + (progress?.Message?.Length ?? 0));

    protected override HeartbeatResult? Run(WriteContext context)
    {
        if (Leases.Current(context, token, scope, arrived) is not { } lease)
            return null;
        Leases.Extend(context, lease, lease.Duration);
        Log(context, lease);
        if (progress is not null)
            context.Sql.ProgressLease.Bind(token.Job).Bind(token.Secret).Bind(progress.Percent).Bind(progress.Message)
                .RunOne("lease of job", token.Job);
        if (progress is not null || lines.Count > 0)
            context.Events.Add(JobMoves.Event(lease, JobEventKind.Progress, JobStatus.Running, context.Now) with { Progress = progress });
        return new HeartbeatResult(lease.ExpiresAt, lease.CancelRequested)
        {
            Held = lease.Held,
        };
    }

    /// <summary>An attempt that says too much is told so in its own log, once.</summary>
    private void Log(WriteContext context, Lease lease)
    {
        if (lines.Count == 0)
            return;
        var soFar = lease.LogLines ?? Count(context, lease);
        for (var i = 0; i < lines.Count && soFar <= JobText.MaxLogLines; i++)
        {
            var text = ++soFar > JobText.MaxLogLines ? JobText.LogLimit : JobText.Kept(lines[i], JobText.MaxLogLine);
            context.Sql.InsertLog.Bind(token.Job).Bind(context.NowMilliseconds).Bind(lease.Attempt).Bind(text).Run();
        }

        lease.LogLines = soFar;
    }

    private int Count(WriteContext context, Lease lease)
    {
        var rows = context.Sql.CountLogs.Bind(token.Job).Bind(lease.Attempt);
        rows.Step();
        var count = rows.Int32(0);
        rows.Reset();
        return count;
    }
}
