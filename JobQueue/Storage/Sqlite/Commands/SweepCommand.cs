using JobQueue.Jobs;

namespace JobQueue.Storage.Sqlite.Commands;

/// <summary>
/// Deletes what is past its retention, a slice a call: ended jobs, walking from the oldest to the youngest that could be old
/// enough and then beginning again, audit entries, and after each walk the minutes that nobody looks at any more. An id tells
/// when its job was accepted, so no index by end is needed.
/// </summary>
internal sealed class SweepCommand(RetentionCutoffs cutoffs, SweepPosition position, CancellationToken cancellationToken)
    : StoreCommand<int>(cancellationToken)
{
    private const int Slice = 500;

    /// <summary>A key lives at least this long, and its job with it.</summary>
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    /// <summary>Jobs younger than this are kept whatever the settings: the limit a minute is counted from them after a restart.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(2);

    /// <summary>Rates and charts look back no further.</summary>
    private static readonly TimeSpan MinutesLife = TimeSpan.FromDays(2);

    private JobId? _reached;

    public override void Complete()
    {
        position.After = _reached;
        base.Complete();
    }

    protected override int Run(WriteContext context)
    {
        var youngest = Earlier(Later(cutoffs.DoneBefore, cutoffs.FailedBefore), context.Now - LeastAge);
        var old = new List<(JobId Id, int Tenant, int Lane, JobStatus Status, bool Dead, string? Key)>();
        var seen = 0;
        _reached = position.After;
        var bound = JobId.FirstOf(Math.Max(0, youngest.ToUnixTimeMilliseconds()));
        for (var rows = context.Sql.OldJobs.Bind(position.After ?? default).Bind(bound).Bind(Slice); rows.Step(); seen++)
        {
            _reached = rows.Id(0);
            var status = (JobStatus)rows.Int32(3);
            var finished = rows.NullableTime(5);
            if (finished is null || finished >= (status == JobStatus.Done ? cutoffs.DoneBefore : cutoffs.FailedBefore))
                continue;
            var key = rows.NullableText(7);
            if (key is not null && rows.Time(6) > context.Now - KeyLife)
                continue;
            var dead = !rows.IsNull(4) && ((FailReason)rows.Int32(4)).IsDeadLetter();
            old.Add((rows.Id(0), rows.Int32(1), rows.Int32(2), status, dead, key));
        }

        foreach (var (id, tenant, laneId, status, dead, key) in old)
        {
            context.Sql.DeleteJob.Bind(id).Run();
            if (key is not null)
                context.Sql.DeleteKey.Bind(tenant).Bind(Acceptance.KeyHash(key)).Run();
            var lane = context.Board.Lane(laneId);
            context.Board.Change(lane);
            if (status == JobStatus.Done)
                lane.Counters.Done--;
            else
                lane.Counters.Failed--;
            if (dead)
                lane.Counters.Dead--;
        }

        context.Sql.DeleteOldAudit.Bind(cutoffs.AuditBefore.ToUnixTimeMilliseconds()).Bind(Slice).Run();
        if (seen < Slice)
        {
            _reached = null;
            ForgetMinutes(context);
        }

        return old.Count;
    }

    private static void ForgetMinutes(WriteContext context)
    {
        var before = (context.NowMilliseconds - (long)MinutesLife.TotalMilliseconds) / 60_000;
        foreach (var lane in context.Board.Lanes)
            context.Sql.DeleteOldMinutes.Bind(lane.Id).Bind(before).Run();
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>How far retention has walked; null at the beginning.</summary>
internal sealed class SweepPosition
{
    public JobId? After { get; set; }
}
