using System.Diagnostics;
using JobQueue.Api.Json;

namespace JobQueue.Api.Problems;

internal static class ProblemWriting
{
    private const string TypePrefix = "urn:problem-type:jobqueue:";

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var logger = context.RequestServices.GetRequiredService<ILogger<Problem>>();
        // The pattern and not the path, which may hold a lease token.
        if (logger.IsEnabled(LogLevel.Debug))
            ApiLog.RequestRefused(logger, context.GetEndpoint()?.DisplayName ?? "A request", problem.Kind.Status, problem.Kind.Code);
        var response = context.Response;
        if (problem.Usage is { } usage)
            RateLimitHeaders.Write(response, usage);
        if (problem.Challenge is { } challenge)
            response.Headers.WWWAuthenticate = challenge;
        if (problem.AcceptEncoding is { } codings)
            response.Headers.AcceptEncoding = codings;
        if (problem.RetryAfter is { } wait)
            RateLimitHeaders.WriteRetryAfter(response, wait);
        response.Headers.CacheControl = "no-store";
        var body = problem.ToResponse(Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier);
        return JsonAnswer.WriteAsync(context, problem.Kind.Status, body, ApiJson.Instance.ProblemResponse, Problem.ContentType);
    }

    public static ProblemResponse ToResponse(this Problem problem, string traceId) => new()
    {
        Type = TypePrefix + problem.Kind.Code,
        Title = problem.Kind.Title,
        Status = problem.Kind.Status,
        Detail = problem.Detail,
        TraceId = traceId,
        Code = problem.Kind.Code,
        Errors = problem.Errors,
        JobId = problem.JobId,
        Index = problem.Index,
        Job = problem.Job,
    };
}
