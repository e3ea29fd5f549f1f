using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Jobs;

/// <summary>200: the same request came before; this is its job as it is now.</summary>
internal sealed class JobReplayed(Job job) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        return JobAnswer.Of(job).ExecuteAsync(httpContext);
    }
}
