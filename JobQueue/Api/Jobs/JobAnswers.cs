using JobQueue.Api.Requests;
using JobQueue.Jobs;
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

/// <summary>200: the same request came before; this is its job as it is now.</summary>
internal sealed class JobReplayed(Job job) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        return JsonAnswer.WriteAsync(httpContext, StatusCodes.Status200OK, JobResponse.From(job), ApiJson.Instance.JobResponse);
    }
}

/// <summary>A batch's answer: 201, or 200 when every member was there before.</summary>
internal sealed class BatchAnswer(IReadOnlyList<JobResponse> items, TenantUsage usage) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var allReplayed = items.All(item => item.Replayed == true);
        if (allReplayed)
            httpContext.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        RateLimitHeaders.Write(httpContext.Response, usage);
        var status = allReplayed ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        return JsonAnswer.WriteAsync(httpContext, status, new BatchResponse(items), ApiJson.Instance.BatchResponse);
    }
}
