using JobQueue.Access;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Queries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Jobs;

internal static class ExplainEndpoints
{
    public static void MapExplain(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/jobs/{id}/explain", ExplainAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Jobs", "explainJob", "Explain a job", "Why the job is where it is: every reason that holds now, in words.")
            .Answers<ExplanationResponse>(StatusCodes.Status200OK, "The reasons.")
            .Fails(ProblemKind.NotFound);

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
