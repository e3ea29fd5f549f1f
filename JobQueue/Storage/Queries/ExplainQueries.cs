using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Explanations;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries;

/// <summary>Collects what explains a job, at a bounded cost however many jobs wait. Thread-safe.</summary>
public sealed class ExplainQueries
{
    private readonly IDbContextFactory<JobQueueDb> _databases;
    private readonly JobQueries _jobs;
    private readonly StatsQueries _stats;
    private readonly IJobBoard _board;
    private readonly IWorkers _workers;
    private readonly TimeProvider _time;

    internal ExplainQueries(
        IDbContextFactory<JobQueueDb> databases, JobQueries jobs, StatsQueries stats, IJobBoard board, IWorkers workers, TimeProvider time) =>
        (_databases, _jobs, _stats, _board, _workers, _time) = (databases, jobs, stats, board, workers, time);

    /// <summary><see langword="null"/> when the job is not in sight.</summary>
    public async Task<Explanation?> ExplainAsync(TenantId? scope, JobId id, CancellationToken cancellationToken) =>
        await _jobs.FindAsync(scope, id, cancellationToken, withPayload: false) is { } job ? await ExplainAsync(job, cancellationToken) : null;

    /// <summary>Explains a job that was just read.</summary>
    public async Task<Explanation> ExplainAsync(Job job, CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        var (tenant, now) = (job.TenantId, _time.GetUtcNow());
        var holdups = await _board.HoldupsAsync([tenant], cancellationToken);
        var present = await _workers.PresentAsync(cancellationToken);
        var able = present.Where(worker => worker.Takes(tenant, job.Queue, job.Type)).ToList();
        var pending = job.Status == JobStatus.Pending;
        var ready = pending && job.RunAt <= now;
        var held = pending ? await HeldAsync(db, able, cancellationToken) : [];
        var lease = pending ? null : await db.Leases.FirstOrDefaultAsync(row => row.JobId == job.Id, cancellationToken);
        return Explain.Of(new ExplainFacts
        {
            Job = job,
            Now = now,
            Usage = await _board.UsageOfAsync(tenant, cancellationToken),
            Pause = await _board.PauseOfAsync(tenant, job.Queue, cancellationToken),
            TargetFull = holdups.Of(tenant, job.Queue, job.Target).TargetFull,
            TargetDown = job.Target is { } target ? await _board.DownOfAsync(tenant, target, cancellationToken) : null,
            Workers = able,
            Busy = held.Sum(each => each.Jobs),
            WorkerIsFree = able.Exists(worker => worker.InProcess
                ? held.Where(each => each.IsOf(worker)).Sum(each => each.Jobs) < worker.Slots
                : worker.Waiting),
            Ahead = ready ? await CountAheadAsync(db, job, present, holdups, cancellationToken) : null,
            EndedPerMinute = ready ? await _stats.EndedPerMinuteAsync(tenant, cancellationToken) : 0,
            SuspectsEverywhere = pending && job.Crashes >= JobTransitions.SuspectCrashes && able.Count > 0
                && able.TrueForAll(worker => held.Exists(each => each.Suspects > 0 && each.IsOf(worker))),
            LeaseDuration = lease is null ? null : TimeSpan.FromMilliseconds(lease.DurationMilliseconds),
            TimesOutAt = lease is { Process: null } ? lease.StartedAt.AddSeconds(job.TimeoutSeconds) : null,
        });
    }

    /// <summary>What those workers hold. Running jobs are few however many wait.</summary>
    private static async Task<List<Holding>> HeldAsync(JobQueueDb db, List<KnownWorker> workers, CancellationToken cancellationToken)
    {
        if (workers.Count == 0)
            return [];
        var held = await (
            from lease in db.Leases
            join job in db.Jobs on lease.JobId equals job.Id
            group job by new { lease.TenantId, lease.Worker, lease.Process } into holder
            select new Holding(
                holder.Key.TenantId,
                holder.Key.Worker,
                holder.Key.Process,
                holder.Count(),
                holder.Count(job => job.Crashes >= JobTransitions.SuspectCrashes))).ToListAsync(cancellationToken);
        return held.FindAll(each => workers.Exists(each.IsOf));
    }

    /// <summary>What one worker holds of one tenant's jobs.</summary>
    private sealed record Holding(int TenantId, string Worker, string? Process, int Jobs, int Suspects)
    {
        public bool IsOf(KnownWorker worker) => Process == worker.Process && Worker == worker.Name
            && (worker.Tenant is not { } own || own.Value == TenantId);
    }

    /// <summary>
    /// Jobs of the tenant that come before this one and may run. What stands in a paused queue, waits for a target or has no worker
    /// delays nobody; the job's own lane and target count in any case.
    /// </summary>
    private static async Task<int> CountAheadAsync(
        JobQueueDb db, Job job, IReadOnlyList<KnownWorker> present, IHoldups holdups, CancellationToken cancellationToken)
    {
        var lanes = await db.Lanes.Where(lane => lane.TenantId == job.TenantId.Value && lane.Ready > 0).ToListAsync(cancellationToken);
        var lines = lanes.FindAll(lane => (lane.Queue == job.Queue && lane.Type == job.Type)
            || (!holdups.Of(job.TenantId, lane.Queue, null).QueuePaused && present.Any(worker => worker.Takes(job.TenantId, lane.Queue, lane.Type))))
            .ConvertAll(lane => lane.Id);
        if (job.Target is not null)
        {
            lines.AddRange(await (
                from siding in db.Sidings
                join lane in db.Lanes on siding.LaneId equals lane.Id
                where siding.Target == job.Target && lane.TenantId == job.TenantId.Value && lane.Queue == job.Queue && lane.Type == job.Type
                select siding.Id).ToListAsync(cancellationToken));
        }

        var (rank, dueAt, jobId) = (-job.Priority, job.RunAt.ToUnixTimeMilliseconds(), db.Stored(job.Id));
        var ahead = 0;
        foreach (var line in lines)
        {
            var left = ExplainFacts.MaxAhead + 1 - ahead;
            // A comparison of rows walks the primary key to the job's place and stops: LINQ has no words for it.
            ahead += await db.Database.SqlQuery<int>(
                $"SELECT CAST(count(*) AS integer) AS \"Value\" FROM (SELECT 1 FROM ready WHERE lane_id = {line} AND (rank, due_at, job_id) < ({rank}, {dueAt}, {jobId}) LIMIT {left}) AS s1")
                .SingleAsync(cancellationToken);
            if (ahead > ExplainFacts.MaxAhead)
                break;
        }

        return ahead;
    }
}
