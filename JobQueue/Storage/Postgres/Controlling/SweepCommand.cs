using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Sweeping;

namespace JobQueue.Storage.Postgres.Controlling;

/// <summary>
/// Retention, a slice a call that is bounded by the rows it deletes: ended jobs from the oldest to the youngest that could be old enough,
/// then lanes that have become empty and old minutes, then the audit log; and then from the beginning again.
/// </summary>
internal sealed class SweepCommand(RetentionCutoffs cutoffs, SweepPosition position, CancellationToken cancellationToken)
    : ControlCommand<SweepResult>(cancellationToken)
{
    /// <summary>Jobs, lanes or entries looked at in one transaction.</summary>
    private const int Slice = 500;

    /// <summary>Rows deleted in one transaction: a job may have thousands of log lines and attempts.</summary>
    private const int MaxRows = 5_000;

    /// <summary>A key lives at least this long, and its job with it.</summary>
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    /// <summary>Jobs younger than this are kept whatever the settings.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(2);

    /// <summary>Charts look back this far.</summary>
    private static readonly TimeSpan MinutesKept = TimeSpan.FromDays(8);

    private SweepState _next = position.State;

    public override void Complete()
    {
        position.State = _next;
        base.Complete();
    }

    protected override async Task<SweepResult> RunAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        var state = position.State;
        _next = state;
        var taken = false;
        await transaction.Trip().Read("take_sweep", row => taken = row.GetBoolean(0)).RunAsync(cancellationToken);
        if (!taken)
            return new SweepResult(0, false);
        switch (state.Phase)
        {
            case SweepPhase.Jobs:
                var (deleted, reached) = await SweepJobsAsync(transaction, state.Job, cancellationToken);
                _next = reached is { } job ? state with { Job = job } : new SweepState(SweepPhase.Lanes, default, 0);
                return new SweepResult(deleted, true);
            case SweepPhase.Lanes:
                var lane = await SweepLanesAsync(transaction, state.Lane, cancellationToken);
                _next = lane is { } last ? state with { Lane = last } : new SweepState(SweepPhase.Audit, default, 0);
                return new SweepResult(0, true);
            default:
                await SweepTargetsAsync(transaction, cancellationToken);
                var more = await SweepAuditAsync(transaction, cancellationToken);
                _next = more ? state : new SweepState(SweepPhase.Jobs, default, 0);
                return new SweepResult(0, more);
        }
    }

    /// <summary>Answers where to go on, or null at the end.</summary>
    private async Task<(int Deleted, JobId? Reached)> SweepJobsAsync(ControlTransaction transaction, JobId after, CancellationToken cancellationToken)
    {
        var youngest = Earlier(Later(cutoffs.DoneBefore, cutoffs.FailedBefore), transaction.Moment - LeastAge);
        var bound = JobId.FirstOf(Math.Max(0, youngest.ToUnixTimeMilliseconds()));
        var (seen, last) = (0, after);
        await transaction.Trip().Read(
            "sweep_slice",
            row => (seen, last) = (row.GetInt32(0), row.IsDBNull(1) ? after : row.Id(1)),
            Sent.Id(after),
            Sent.Id(bound),
            Sent.Value(Slice)).RunAsync(cancellationToken);
        if (seen == 0)
            return (0, null);
        var old = new List<(JobId Id, int Tenant, int Lane, JobStatus Status, bool Dead, string? Key)>();
        await transaction.Trip().Read(
            "old_jobs",
            row => old.Add((
                row.Id(0), row.GetInt32(1), row.GetInt32(2), (JobStatus)row.GetInt32(3),
                row.NullableInt(4) is { } reason && ((FailReason)reason).IsDeadLetter(), row.NullableText(5))),
            Sent.Id(after),
            Sent.Id(last),
            Sent.Value(cutoffs.DoneBefore.ToUnixTimeMilliseconds()),
            Sent.Value(cutoffs.FailedBefore.ToUnixTimeMilliseconds()),
            Sent.Value((transaction.Moment - KeyLife).ToUnixTimeMilliseconds())).RunAsync(cancellationToken);
        if (old.Count > 0 && !await DeleteAsync(transaction, old, cancellationToken))
            return (0, after);
        return (old.Count, seen < Slice ? null : last);
    }

    /// <returns>False when their histories are so long that they are not gone yet.</returns>
    private static async Task<bool> DeleteAsync(
        ControlTransaction transaction,
        List<(JobId Id, int Tenant, int Lane, JobStatus Status, bool Dead, string? Key)> old,
        CancellationToken cancellationToken)
    {
        var ids = Sent.Column(old, job => job.Id.Value);
        var rows = 0;
        await transaction.Trip().Read("delete_job_logs", _ => rows++, ids.Clone(), Sent.Value(MaxRows)).RunAsync(cancellationToken);
        if (rows < MaxRows)
            await transaction.Trip().Read("delete_attempts", _ => rows++, ids.Clone(), Sent.Value(MaxRows - rows)).RunAsync(cancellationToken);
        if (rows >= MaxRows)
            return false;
        var keys = old.FindAll(job => job.Key is not null);
        await transaction.Services.Lanes.LoadAsync(transaction.Session.Connection, old.Select(job => job.Lane), cancellationToken);
        await transaction.Trip()
            .Write("delete_texts", null, ids.Clone())
            .Write("delete_callbacks", null, ids.Clone())
            .Write("delete_keys", null, Sent.Column(keys, job => job.Tenant), Sent.Column(keys, job => KeyHash.Of(job.Key!)))
            .Write("delete_jobs", old.Count, ids.Clone())
            .RunAsync(cancellationToken);
        foreach (var job in old)
        {
            var lane = transaction.Writes.Lane(transaction.Services.Lanes[job.Lane]);
            if (job.Status == JobStatus.Done)
                lane.Done--;
            else
                lane.Failed--;
            if (!job.Dead)
                continue;
            lane.Dead--;
            transaction.Writes.DeadOut.Add(job.Id);
        }

        return true;
    }

    /// <summary>Answers where to go on, or null at the end.</summary>
    private static async Task<int?> SweepLanesAsync(ControlTransaction transaction, int after, CancellationToken cancellationToken)
    {
        var (lanes, empty, rows) = (new List<int>(), new List<int>(), 0);
        await transaction.Trip().Read(
            "lane_slice",
            row =>
            {
                lanes.Add(row.GetInt32(0));
                if (row.GetBoolean(1))
                    empty.Add(row.GetInt32(0));
            },
            Sent.Value(after),
            Sent.Value(Slice)).RunAsync(cancellationToken);
        var oldest = (int)((transaction.Moment - MinutesKept).ToUnixTimeSeconds() / 60);
        await transaction.Trip().Read("delete_minutes", _ => rows++, Sent.Value(lanes.ToArray()), Sent.Value(oldest), Sent.Value(MaxRows)).RunAsync(cancellationToken);
        if (rows >= MaxRows)
            return after;
        if (empty.Count > 0)
            await DeleteLanesAsync(transaction, empty, cancellationToken);
        return lanes.Count < Slice ? null : lanes[^1];
    }

    private static async Task DeleteLanesAsync(ControlTransaction transaction, List<int> lanes, CancellationToken cancellationToken)
    {
        var ids = Sent.Value(lanes.ToArray());
        var empty = new List<int>();
        await transaction.Trip()
            .Read("lock_lanes", static _ => { }, ids.Clone())
            .Read("lock_counters", static _ => { }, ids.Clone())
            .Read("empty_lanes", row => empty.Add(row.GetInt32(0)), ids.Clone())
            .RunAsync(cancellationToken);
        var gone = Sent.Value(empty.ToArray());
        await transaction.Trip()
            .Read("delete_lanes", static _ => { }, gone.Clone())
            .Write("delete_lane_rows", empty.Count, gone.Clone())
            .RunAsync(cancellationToken);
        if (empty.Count > 0)
            transaction.Services.Lanes.Clear();
    }

    private async Task SweepTargetsAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        var (sidings, forgotten) = (new List<int>(), 0);
        await transaction.Trip()
            .Write("delete_acceptances", null)
            .Read("lock_sidings", row => sidings.Add(row.GetInt32(0)), Sent.Value(Slice))
            .Read(
                "forget_breakers",
                _ => forgotten++,
                Sent.Value(cutoffs.FailedBefore.ToUnixTimeMilliseconds()),
                Sent.Value((transaction.Moment - Breaker.Memory).ToUnixTimeMilliseconds()))
            .RunAsync(cancellationToken);
        await transaction.Trip().Write("delete_sidings", null, Sent.Value(sidings.ToArray())).RunAsync(cancellationToken);
        transaction.Writes.ConfigurationChanges |= forgotten > 0;
    }

    /// <summary>Whether there may be more.</summary>
    private async Task<bool> SweepAuditAsync(ControlTransaction transaction, CancellationToken cancellationToken)
    {
        var rows = 0;
        await transaction.Trip().Read("delete_audit", _ => rows++, Sent.Value(cutoffs.AuditBefore.ToUnixTimeMilliseconds()), Sent.Value(Slice)).RunAsync(cancellationToken);
        return rows == Slice;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
