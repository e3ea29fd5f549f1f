using JobQueue.Api.Json;
using JobQueue.Api.Requests;
using JobQueue.Tenants;

namespace JobQueue.Api.Jobs;

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
