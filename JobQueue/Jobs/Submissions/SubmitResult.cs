using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Submissions;

/// <summary>What became of a submission. A closed set.</summary>
public abstract record SubmitResult
{
    private SubmitResult() { }

    /// <summary>The job is on disk.</summary>
    public sealed record Accepted(Job Job, TenantUsage Usage) : SubmitResult;

    /// <summary>The key was used before for an equal request: that job, as it is now, is the answer.</summary>
    public sealed record Replayed(JobId Id) : SubmitResult;

    /// <summary>The key was used before for another request.</summary>
    public sealed record KeyReused(JobId Id) : SubmitResult;

    /// <summary>Refused for now; nothing was stored and the key is free.</summary>
    public sealed record OverLimit(RefusalReason Reason, TenantUsage Usage) : SubmitResult;
}
