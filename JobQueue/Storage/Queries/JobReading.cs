using System.Linq.Expressions;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Jobs;
using JobQueue.Tenants;

namespace JobQueue.Storage.Queries;

/// <summary>From rows to <see cref="Job"/>.</summary>
internal static class JobReading
{
    private static readonly Expression<Func<JobRow, JobRow>> WithoutPayloads = job => new JobRow
    {
        Id = job.Id,
        TenantId = job.TenantId,
        LaneId = job.LaneId,
        Status = job.Status,
        Reason = job.Reason,
        Priority = job.Priority,
        Retries = job.Retries,
        MaxRetries = job.MaxRetries,
        Crashes = job.Crashes,
        Attempts = job.Attempts,
        TimeoutSeconds = job.TimeoutSeconds,
        RunAt = job.RunAt,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        FinishedAt = job.FinishedAt,
        Worker = job.Worker,
        IdempotencyKey = job.IdempotencyKey,
        Tags = job.Tags,
        TraceId = job.TraceId,
        SpanId = job.SpanId,
        SubmittedBy = job.SubmittedBy,
        ErrorMessage = job.ErrorMessage,
        ErrorType = job.ErrorType,
        Target = job.Target,
        Payload = Array.Empty<byte>(),
        CallbackUrl = job.CallbackUrl,
        CallbackOn = job.CallbackOn,
    };

    /// <summary>Joins what a <see cref="Job"/> needs to each row.</summary>
    public static IQueryable<JobParts> Parts(this JobQueueDb db, IQueryable<JobRow> jobs, bool withPayloads = true) =>
        from job in withPayloads ? jobs : jobs.Select(WithoutPayloads)
        join lane in db.Lanes on job.LaneId equals lane.Id
        join tenant in db.Tenants on job.TenantId equals tenant.Id
        join lease in db.Leases on job.Id equals lease.JobId into leases
        from lease in leases.DefaultIfEmpty()
        select new JobParts { Job = job, Lane = lane, Tenant = tenant.Name, Lease = lease };

    /// <summary>
    /// What holds up those of the jobs that wait. To be asked when nothing holds a connection: the board may need one, and of those
    /// there are few.
    /// </summary>
    public static ValueTask<IHoldups> HoldupsAsync(this IJobBoard board, IEnumerable<JobParts> parts, CancellationToken cancellationToken) =>
        board.HoldupsAsync(
            parts.Where(part => part.Status == JobStatus.Pending).Select(part => new TenantId(part.Job.TenantId)).ToHashSet(), cancellationToken);

    /// <param name="payload">What was read apart from the row.</param>
    public static Job ToJob(this JobParts parts, IHoldups holdups, DateTimeOffset now, JobPayload? payload = null)
    {
        var (job, lane, lease) = (parts.Job, parts.Lane, parts.Lease);
        var tenant = new TenantId(job.TenantId);
        var status = parts.Status;
        return new Job
        {
            Id = job.Id,
            TenantId = tenant,
            Tenant = parts.Tenant,
            Queue = lane.Queue,
            Type = lane.Type,
            Status = status,
            Reason = job.Reason,
            WaitingFor = status == JobStatus.Pending
                ? Waiting.For(job.RunAt, now, job.Retries, holdups.Of(tenant, lane.Queue, job.Target))
                : null,
            Priority = job.Priority,
            Payload = payload?.Payload ?? job.Payload,
            OriginalPayload = Json(payload?.OriginalPayload ?? job.OriginalPayload),
            Result = Json(payload?.Result ?? job.Result),
            Error = status != JobStatus.Running && job.ErrorMessage is { } message ? new JobError(message, job.ErrorType) : null,
            IdempotencyKey = job.IdempotencyKey,
            Retries = job.Retries,
            MaxRetries = job.MaxRetries,
            Crashes = job.Crashes,
            Attempts = lease?.Attempt ?? job.Attempts,
            TimeoutSeconds = job.TimeoutSeconds,
            RunAt = job.RunAt,
            CreatedAt = job.CreatedAt,
            StartedAt = lease?.StartedAt ?? job.StartedAt,
            FinishedAt = job.FinishedAt,
            Worker = lease?.Worker ?? job.Worker,
            LeaseExpiresAt = lease?.ExpiresAt,
            CancelRequested = lease?.CancelRequestedAt is not null,
            Progress = lease is { ProgressPercent: null, ProgressMessage: null } or null
                ? null
                : new JobProgress(lease.ProgressPercent, lease.ProgressMessage),
            Tags = Tags.Read(job.Tags),
            Trace = TraceParent.Read(job.TraceId, job.SpanId),
            SubmittedBy = job.SubmittedBy,
            Target = job.Target,
            Callback = job is { CallbackUrl: { } url, CallbackOn: { } on } ? new Callback(url, on) : null,
        };
    }

    /// <summary>Absent stays absent: the conversion from a null array would make an empty text of it.</summary>
    public static ReadOnlyMemory<byte>? Json(byte[]? column) => column is null ? default(ReadOnlyMemory<byte>?) : column;
}
