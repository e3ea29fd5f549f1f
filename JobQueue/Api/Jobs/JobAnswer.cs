using JobQueue.Api.Json;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Jobs;

/// <summary>A job as an answer, however large it is.</summary>
internal static class JobAnswer
{
    /// <param name="refusable">False for what was done and must be told.</param>
    public static WeightyAnswer<JobResponse> Of(Job job, int status = StatusCodes.Status200OK, bool refusable = true) =>
        new(JobResponse.From(job), ApiJson.Instance.JobResponse, job.Bytes, status, refusable);
}
