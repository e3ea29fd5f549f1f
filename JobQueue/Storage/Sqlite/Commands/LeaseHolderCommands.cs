using JobQueue.Jobs;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands;

/// <summary>Ends an attempt.</summary>
internal sealed class SettleCommand(LeaseToken token, TenantId? scope, JobOutcome outcome)
    : StoreCommand<SettleResult>(CancellationToken.None)
{
    public override bool Refusable => false;

    protected override SettleResult Run(WriteContext context) =>
        Leases.Current(context, token, scope) is { } lease && context.Settle(lease, outcome, onlySuspect: true)
            ? SettleResult.Settled
            : SettleResult.LeaseLost;
}

/// <summary>Extends all leases of this process in one write.</summary>
internal sealed class ExtendCommand(IReadOnlyList<LeaseToken> tokens, TimeSpan duration)
    : StoreCommand<IReadOnlyList<LeaseToken>>(CancellationToken.None)
{
    public override bool Refusable => false;

    protected override IReadOnlyList<LeaseToken> Run(WriteContext context)
    {
        var lost = new List<LeaseToken>();
        foreach (var token in tokens)
        {
            if (Leases.Current(context, token, null) is { } lease)
                Leases.Extend(context, lease, duration);
            else
                lost.Add(token);
        }

        return lost;
    }
}

/// <summary>Extends one lease and keeps what the heartbeat says.</summary>
internal sealed class HeartbeatCommand(LeaseToken token, TenantId? scope, JobProgress? progress, IReadOnlyList<string> lines)
    : StoreCommand<HeartbeatResult?>(CancellationToken.None)
{
    public override bool Refusable => false;

    protected override HeartbeatResult? Run(WriteContext context)
    {
        if (Leases.Current(context, token, scope) is not { } lease)
            return null;
        Leases.Extend(context, lease, lease.Duration);
        Log(context, lease);
        if (progress is not null)
        {
            var message = progress.Message is { } text ? JobText.Clip(text, JobText.MaxProgressMessage) : null;
            context.Sql.ProgressLease.Bind(token.Job).Bind(token.Secret).Bind(progress.Percent).Bind(message).Run();
        }

        if (progress is not null || lines.Count > 0)
            context.Events.Add(JobMoves.Event(lease, JobEventKind.Progress, JobStatus.Running, context.Now) with { Progress = progress });
        return new HeartbeatResult(lease.ExpiresAt, lease.CancelRequested)
        {
            Held = new HeldJobInfo(lease.Worker, lease.Lane.Tenant.Id, lease.Lane.Queue, lease.Lane.Type),
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
            var text = ++soFar > JobText.MaxLogLines ? JobText.LogLimit : JobText.Clip(lines[i], JobText.MaxLogLine);
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

/// <summary>
/// Takes back leases that ran out. It runs every second, and looks after what else the clock brings: jobs that are due and
/// queues whose pause ends, should the timer for them have been late.
/// </summary>
internal sealed class ReapCommand() : StoreCommand<int>(CancellationToken.None)
{
    public override bool Refusable => false;

    protected override int Run(WriteContext context)
    {
        var board = context.Board;
        if (Leases.StoodStill(context))
        {
            foreach (var lease in board.Leases.Values)
                Leases.Extend(context, lease, lease.Duration);
        }

        board.LastReaped = context.Timestamp;
        var expired = board.Leases.Values.Where(lease => lease.Deadline <= context.Timestamp).ToList();
        foreach (var lease in expired)
            Leases.Expire(context, lease, expired);
        foreach (var queue in board.Paused.Where(queue => queue.Until <= context.Now).ToList())
            QueueMoves.Resume(context, queue.Tenant, queue.Name, "system:until");
        ScheduleMoves.PromoteDue(context);
        return expired.Count;
    }
}

/// <summary>At start: what the predecessor's own workers held died with it; every such job may have started.</summary>
internal sealed class RecoverCommand() : StoreCommand<int>(CancellationToken.None)
{
    protected override int Run(WriteContext context)
    {
        var orphans = context.Board.Leases.Values.Where(lease => lease.InProcess).ToList();
        foreach (var lease in orphans)
            Leases.Expire(context, lease, orphans);
        foreach (var lease in context.Board.Leases.Values)
            Leases.Show(context, lease);
        return orphans.Count;
    }
}

internal static class Leases
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A gap this long since leases were last looked at means that the whole process stood still, and its clients' calls with
    /// it: then nothing has run out, whether the reaper or the client comes first.
    /// </summary>
    public static bool StoodStill(WriteContext context) =>
        context.Board.LastReaped is { } last && context.Time.GetElapsedTime(last, context.Timestamp) > Frozen;

    /// <summary>The caller's current lease, or null: it was never his, was settled, or has run out.</summary>
    public static Lease? Current(WriteContext context, LeaseToken token, TenantId? scope)
    {
        if (context.Board.FindLease(token) is not { } lease || (scope is { } tenant && lease.Lane.Tenant.Id != tenant))
            return null;
        if (lease.InProcess || lease.Deadline > context.Timestamp)
            return lease;
        return StoodStill(context) && lease.TimeoutAt > context.Timestamp ? lease : null;
    }

    public static void Extend(WriteContext context, Lease lease, TimeSpan duration)
    {
        lease.Duration = duration;
        var deadline = context.Time.TicksAfter(context.Timestamp, duration);
        lease.Deadline = lease.InProcess ? deadline : Math.Min(deadline, lease.TimeoutAt);
        Show(context, lease);
    }

    /// <summary>Keeps the deadline for people to read.</summary>
    public static void Show(WriteContext context, Lease lease)
    {
        lease.ExpiresAt = context.Now + context.Time.GetElapsedTime(context.Timestamp, lease.Deadline);
        context.Sql.ExtendLease.Bind(lease.Token.Job).Bind(lease.Token.Secret).Bind(lease.ExpiresAt.ToUnixTimeMilliseconds())
            .Bind((long)lease.Duration.TotalMilliseconds).Run();
    }

    /// <summary>
    /// Ends a lease whose holder is silent: as a timeout when the attempt's time is up, else as a crash. Among the suspects that
    /// one holder had at once none can be told to be the guilty one.
    /// </summary>
    public static void Expire(WriteContext context, Lease lease, IReadOnlyCollection<Lease> together)
    {
        var onlySuspect = together.Count(other => other.Suspect && other.Holder == lease.Holder) <= 1;
        JobOutcome outcome = !lease.InProcess && lease.TimeoutAt <= context.Timestamp
            ? new JobOutcome.Failed(new JobError("The attempt took longer than its timeout.", JobErrors.Timeout))
            : new JobOutcome.Crashed();
        context.Settle(lease, outcome, onlySuspect);
    }
}
