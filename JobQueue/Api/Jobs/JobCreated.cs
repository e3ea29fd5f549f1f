using JobQueue.Api.Json;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Api.Jobs;

/// <summary>201: the job is on disk. The one answer of the hot path, so it is written without a detour.</summary>
internal sealed class JobCreated(Job job, TenantUsage usage) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = $"/jobs/{job.Id}";
        RateLimitHeaders.Write(httpContext.Response, usage);
        return JsonAnswer.WriteAsync(
            httpContext, StatusCodes.Status201Created, JobResponse.From(job), ApiJson.Instance.JobResponse);
    }
}
