using System.Diagnostics;
using JobQueue.Api.Json;

namespace JobQueue.Api.Problems;

internal static class ProblemWriting
{
    private const string TypePrefix = "urn:problem-type:jobqueue:";

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        if (problem.Usage is { } usage)
            RateLimitHeaders.Write(response, usage);
        if (problem.RetryAfter is { } wait)
            RateLimitHeaders.WriteRetryAfter(response, wait);
        response.Headers.CacheControl = "no-store";
        var body = problem.ToResponse(Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier);
        return JsonAnswer.WriteAsync(context, problem.Status, body, ApiJson.Instance.ProblemResponse, Problem.ContentType);
    }

    public static ProblemResponse ToResponse(this Problem problem, string traceId) => new()
    {
        Type = TypePrefix + problem.Code,
        Title = problem.Title,
        Status = problem.Status,
        Detail = problem.Detail,
        TraceId = traceId,
        Code = problem.Code,
        Errors = problem.Errors,
        JobId = problem.JobId,
        Index = problem.Index,
        Job = problem.Job,
    };
}
