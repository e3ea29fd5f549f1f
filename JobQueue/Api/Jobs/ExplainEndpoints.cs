using System.ComponentModel;
using JobQueue.Access;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs;
using JobQueue.Storage.Queries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Jobs;

/// <summary>Why a job is where it is.</summary>
internal sealed record ExplanationResponse(
    JobStatus Status,
    [property: Description("Every reason that holds now.")] IReadOnlyList<ExplanationReasonResponse> Reasons,
    [property: Description("Jobs of the same tenant that come first, counted to 1,000; null when that says nothing.")] int? Ahead,
    [property: Description("Whether there are more than that.")] bool AheadAtLeast,
    [property: Description("From recent throughput, where there is one.")] DateTimeOffset? EstimatedStartAt)
{
    public static ExplanationResponse From(Explanation explanation) => new(
        explanation.Status,
        [.. explanation.Reasons.Select(reason => new ExplanationReasonResponse(reason.Code, reason.Message))],
        explanation.Ahead,
        explanation.AheadAtLeast,
        explanation.EstimatedStartAt);
}

/// <param name="Code">For programs.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record ExplanationReasonResponse(ExplanationCode Code, string Message);

internal static class ExplainEndpoints
{
    public static void MapExplain(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/jobs/{id}/explain", ExplainAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Jobs", "Explain a job", "Why the job is where it is: every reason that holds now, in words.")
            .Answers<ExplanationResponse>(StatusCodes.Status200OK, "The reasons.")
            .Fails(400, 404);

    private static async Task<Results<Ok<ExplanationResponse>, Problem>> ExplainAsync(
        string id, HttpContext context, ExplainQueries explain, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        return JobId.TryParse(id, out var jobId)
            && await explain.ExplainAsync(context.Caller().Scope, jobId, cancellationToken) is { } explanation
            ? TypedResults.Ok(ExplanationResponse.From(explanation))
            : Problem.JobNotFound(id);
    }
}
