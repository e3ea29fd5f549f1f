using System.Diagnostics;
using System.Text.Json.Serialization;
using JobQueue.Api.Jobs;
using JobQueue.Jobs;

namespace JobQueue.Api.Problems;

/// <summary>A problem as it is sent.</summary>
internal sealed record ProblemResponse
{
    /// <summary>Names the kind of problem; it is a name, not an address.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    /// <summary>Finds the request in the server's log.</summary>
    public required string TraceId { get; init; }

    /// <summary>For programs: never changes.</summary>
    public required string Code { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobId? JobId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Index { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobResponse? Job { get; init; }
}

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
