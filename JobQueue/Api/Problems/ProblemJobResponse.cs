using JobQueue.Jobs.Model;

namespace JobQueue.Api.Problems;

/// <summary>What a refused call tells of its job: where it stands, and nothing of what it carries.</summary>
internal sealed record ProblemJobResponse(JobId Id, JobStatus Status, FailReason? Reason, bool CancelRequested)
{
    public static ProblemJobResponse From(Job job) => new(job.Id, job.Status, job.Reason, job.CancelRequested);
}
