using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Api.Jobs;

/// <summary>201: the job is on disk. The one answer of the hot path.</summary>
internal sealed class JobCreated(Job job, TenantUsage usage) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = $"{httpContext.Request.PathBase}/jobs/{job.Id}";
        RateLimitHeaders.Write(httpContext.Response, usage);
        return JobAnswer.Of(job, StatusCodes.Status201Created, refusable: false).ExecuteAsync(httpContext);
    }
}
