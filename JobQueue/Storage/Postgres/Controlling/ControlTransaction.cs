using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Working;
using JobQueue.Storage.Postgres.Working.Ending;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Postgres.Writing.Rows;

namespace JobQueue.Storage.Postgres.Controlling;

/// <summary>A transaction of one command: what it reads is locked, leases before jobs as everywhere.</summary>
internal sealed class ControlTransaction(WriterServices services, WriterSession session)
{
    private long _now;

    public WriterServices Services => services;

    public WriterSession Session => session;

    public Writes Writes { get; } = new();

    /// <summary>In milliseconds of the database's clock.</summary>
    public long Now => _now;

    public DateTimeOffset Moment => DateTimeOffset.FromUnixTimeMilliseconds(_now);

    public Task BeginAsync(CancellationToken cancellationToken) =>
        session.Trip().Begin().Read("now", row => _now = row.GetInt64(0)).RunAsync(cancellationToken);

    public RoundTrip Trip() => session.Trip();

    /// <summary>The jobs that the actor may see, without their texts. A leased one reads as pending.</summary>
    public async Task<IReadOnlyDictionary<JobId, Job>> LockAsync(IReadOnlyCollection<JobId> ids, Actor actor, CancellationToken cancellationToken)
    {
        var jobs = await JobRows.LockAsync(session, services, ids, cancellationToken);
        return actor.Scope is { } scope ? jobs.Where(job => job.Value.TenantId == scope).ToDictionary() : jobs;
    }

    public async Task<HeldLease?> LockLeaseAsync(JobId id, CancellationToken cancellationToken)
    {
        HeldLease? lease = null;
        await Trip().Read("lock_leases", row => lease = HeldLease.Read(row), Sent.Ids([id])).RunAsync(cancellationToken);
        return lease;
    }

    /// <summary>The lane of a job, as its row has it.</summary>
    public LaneInfo LaneOf(Job job) => services.Lanes[new LaneName(
        job.TenantId.Value, job.Queue, job.Type, job.Crashes >= JobTransitions.SuspectCrashes)];

    public async Task<LaneInfo> OpenLaneAsync(LaneName name, CancellationToken cancellationToken)
    {
        await services.Lanes.OpenAsync(session.Connection, [name], cancellationToken);
        return services.Lanes[name];
    }

    /// <summary>Lets a failed job run again.</summary>
    public async Task ReopenAsync(Job job, ReadOnlyMemory<byte>? payload, Actor actor, CancellationToken cancellationToken)
    {
        Leave(job).Failed--;
        var lane = await OpenLaneAsync(new LaneName(job.TenantId.Value, job.Queue, job.Type, false), cancellationToken);
        Writes.Moves.Add(new JobMove(job.Id, JobStatus.Failed, JobStatus.Pending)
        {
            Lane = lane.Id,
            Retries = 0,
            Crashes = 0,
            RunAt = _now,
            Attempts = job.Attempts,
            StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
            Worker = job.Worker,
        });
        if (payload is { } mended)
            Writes.Mended.Add((job.Id, mended.ToArray(), JobTarget.Of(job.Type, mended.Span)));
        Writes.Wait(lane, job.Id, job.Priority, _now, _now);
        Writes.Events.Add(Event(job, JobEventKind.Requeued, JobStatus.Pending, actor));
    }

    /// <summary>Gives a dead letter up.</summary>
    public void Discard(Job job, Actor actor)
    {
        Leave(job);
        Writes.Moves.Add(new JobMove(job.Id, JobStatus.Failed, JobStatus.Failed)
        {
            Lane = LaneOf(job).Id,
            Reason = FailReason.Discarded,
            Retries = job.Retries,
            Crashes = job.Crashes,
            RunAt = job.RunAt.ToUnixTimeMilliseconds(),
            Attempts = job.Attempts,
            StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
            FinishedAt = job.FinishedAt?.ToUnixTimeMilliseconds(),
            Worker = job.Worker,
            Error = job.Error,
        });
        Writes.Events.Add(Event(job, JobEventKind.Discarded, JobStatus.Failed, actor) with { Reason = FailReason.Discarded });
    }

    public JobEvent Event(Job job, JobEventKind kind, JobStatus status, Actor actor) => new()
    {
        Kind = kind,
        JobId = job.Id,
        TenantId = job.TenantId,
        Tenant = job.Tenant,
        Queue = job.Queue,
        Type = job.Type,
        Status = status,
        At = Moment,
        Trace = job.Trace,
        Attempt = job.Attempts,
        Actor = actor.Name,
    };

    public void Audit(Actor actor, string action, Job job, string? detail = null) =>
        Audit(actor, action, job.Tenant, job.Id.ToString(), detail);

    public void Audit(Actor actor, string action, string tenant, string target, string? detail) =>
        Writes.Audit.Add(new AuditLine(_now, actor.Name, action, tenant, target, detail, actor.RemoteAddress));

    /// <summary>Takes a failed job out of the dead letter queue, if it stands there. Answers its lane.</summary>
    private LaneChange Leave(Job job)
    {
        var lane = Writes.Lane(LaneOf(job));
        if (!job.DeadLettered)
            return lane;
        Writes.DeadOut.Add(job.Id);
        lane.Dead--;
        return lane;
    }
}
