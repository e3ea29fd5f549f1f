using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Submissions;

/// <summary>A submission as the job that it becomes. Pure.</summary>
internal static class AcceptedJob
{
    /// <param name="tenant">Its tenant's name.</param>
    /// <param name="now">The moment of acceptance.</param>
    /// <param name="dueAt">When it may run.</param>
    public static Job Of(Submission submission, JobId id, string tenant, DateTimeOffset now, DateTimeOffset dueAt, Holdups holdups) => new()
    {
        Id = id,
        TenantId = submission.Tenant,
        Tenant = tenant,
        Queue = submission.Queue,
        Type = submission.Type,
        Status = JobStatus.Pending,
        WaitingFor = Waiting.For(dueAt, now, retries: 0, holdups),
        Priority = submission.Priority,
        Payload = submission.Payload,
        IdempotencyKey = submission.IdempotencyKey,
        MaxRetries = submission.MaxRetries,
        TimeoutSeconds = submission.TimeoutSeconds,
        RunAt = dueAt,
        CreatedAt = now,
        Tags = submission.Tags,
        Trace = submission.Trace,
        SubmittedBy = submission.SubmittedBy,
        Target = submission.Target,
        Callback = submission.Callback,
    };
}
