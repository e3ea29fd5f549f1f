using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Storage.Sweeping;

namespace JobQueue.Storage.Sqlite.Commands.Sweeping;

/// <summary>
/// Retention, a slice a call that is bounded by the rows it deletes: ended jobs from the oldest to the youngest that could be old enough, then the lanes that have
/// become empty and their old minutes, then the audit log; and then from the beginning again. An id tells when its job was
/// accepted, so no index by end is needed.
/// </summary>
internal sealed class SweepCommand(RetentionCutoffs cutoffs, SweepPosition position, CancellationToken cancellationToken)
    : StoreCommand<SweepResult>(cancellationToken)
{
    /// <summary>Jobs, lanes or entries looked at in one transaction.</summary>
    private const int Slice = 500;

    /// <summary>Rows deleted in one transaction: a job may have thousands of log lines and attempts.</summary>
    private const int MaxRows = 5_000;

    /// <summary>A key lives at least this long, and its job with it.</summary>
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    /// <summary>Jobs younger than this are kept whatever the settings: the limit a minute is counted from them after a restart.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(2);

    /// <summary>Charts look back this far.</summary>
    private static readonly TimeSpan MinutesKept = TimeSpan.FromDays(8);

    private SweepState _next = position.State;

    public override bool Refusable => false;

    public override long Bytes => 0;

    public override void Complete()
    {
        position.State = _next;
        base.Complete();
    }

    protected override SweepResult Run(WriteContext context)
    {
        var state = position.State;
        var (deleted, more) = (0, true);
        switch (state.Phase)
        {
            case SweepPhase.Jobs:
                (deleted, var reached) = SweepJobs(context, state.Job);
                _next = reached is { } job ? state with { Job = job } : new SweepState(SweepPhase.Lanes, default, 0);
                break;
            case SweepPhase.Lanes:
                var lane = SweepLanes(context, state.Lane);
                _next = lane is { } last ? state with { Lane = last } : new SweepState(SweepPhase.Audit, default, 0);
                break;
            case SweepPhase.Audit:
                context.ForgetTargets(context.Elapsed - (context.Now - cutoffs.FailedBefore), Slice);
                more = SweepAudit(context);
                _next = more ? state : new SweepState(SweepPhase.Jobs, default, 0);
                break;
        }

        return new SweepResult(deleted, more);
    }

    /// <summary>Answers where to go on, or null at the end.</summary>
    private (int Deleted, JobId? Reached) SweepJobs(WriteContext context, JobId after)
    {
        var youngest = Earlier(Later(cutoffs.DoneBefore, cutoffs.FailedBefore), context.Now - LeastAge);
        var bound = JobId.FirstOf(Math.Max(0, youngest.ToUnixTimeMilliseconds()));
        var begin = after;
        var old = new List<(JobId Id, int Tenant, int Lane, JobStatus Status, bool Dead, string? Key, bool CallsBack)>();
        var seen = 0;
        for (var rows = context.Sql.OldJobs.Bind(after).Bind(bound).Bind(Slice); rows.Step(); seen++)
        {
            after = rows.Id(0);
            var status = (JobStatus)rows.Int32(3);
            var finished = rows.NullableTime(5);
            if (finished is null || finished >= (status == JobStatus.Done ? cutoffs.DoneBefore : cutoffs.FailedBefore))
                continue;
            var key = rows.NullableText(7);
            if (key is not null && rows.Time(6) > context.Now - KeyLife)
                continue;
            var dead = !rows.IsNull(4) && ((FailReason)rows.Int32(4)).IsDeadLetter();
            old.Add((rows.Id(0), rows.Int32(1), rows.Int32(2), status, dead, key, !rows.IsNull(8)));
        }

        var (deleted, room) = (0, MaxRows);
        foreach (var (id, tenant, laneId, status, dead, key, callsBack) in old)
        {
            room -= context.Sql.DeleteLogs.Bind(id).Bind(room).Run();
            room -= context.Sql.DeleteAttempts.Bind(id).Bind(room).Run();
            if (room <= 0)
                return (deleted, begin);
            context.Sql.DeleteJob.Bind(id).RunOne("ended job", id);
            (deleted, room, begin) = (deleted + 1, room - 1, id);
            if (key is not null)
                context.Sql.DeleteKey.Bind(tenant).Bind(KeyHash.Of(key)).Run();
            if (callsBack)
                context.Sql.DeleteCallbacks.Bind(id).Run();
            var lane = context.Board.Lane(laneId);
            context.Board.Change(lane);
            if (status == JobStatus.Done)
                lane.Counters.Done--;
            else
                lane.Counters.Failed--;
            if (dead)
                lane.Counters.Dead--;
        }

        return (deleted, seen < Slice ? null : after);
    }

    private static int? SweepLanes(WriteContext context, int after)
    {
        var lanes = context.Board.Lanes.Where(lane => lane.Id > after).OrderBy(lane => lane.Id).Take(Slice).ToList();
        var oldest = (context.Now - MinutesKept).ToUnixTimeSeconds() / 60;
        var room = MaxRows;
        foreach (var lane in lanes)
        {
            var empty = lane is { IsLive: false, Counters: { Done: 0, Failed: 0 }, Changed: false };
            room -= context.Sql.DeleteMinutes.Bind(lane.Id).Bind(empty ? int.MaxValue : oldest).Bind(room).Run();
            if (room <= 0)
                return after;
            after = lane.Id;
            if (!empty)
                continue;
            context.Sql.DeleteLane.Bind(lane.Id).RunOne("lane", lane.Id);
            context.Board.Remove(lane);
        }

        return lanes.Count < Slice ? null : lanes[^1].Id;
    }

    /// <summary>Whether there may be more.</summary>
    private bool SweepAudit(WriteContext context)
    {
        var (last, old) = (0L, 0);
        for (var rows = context.Sql.OldAudit.Bind(Slice); rows.Step();)
        {
            if (rows.Time(1) >= cutoffs.AuditBefore)
                continue;
            last = rows.Int64(0);
            old++;
        }

        if (old > 0)
            context.Sql.DeleteAudit.Bind(last).Run();
        return old == Slice;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
