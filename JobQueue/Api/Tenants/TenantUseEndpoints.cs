using JobQueue.Access;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Access;
using JobQueue.Storage.Queries.Stats;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Tenants;

/// <summary>What a tenant may see of its own use.</summary>
internal static class TenantUseEndpoints
{
    private const string Tag = "Limits and counts";

    /// <summary>Shown with the sum; who has more pages through them.</summary>
    private const int MaxQueues = 200;

    public static void MapTenantUse(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/limits", LimitsAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe(Tag, "getLimits", "Read the limits", "The tenant's limits and what is used of them at this moment.")
            .TakesTenant()
            .Answers<LimitsResponse>(StatusCodes.Status200OK, "The limits; null is no limit.");
        routes.MapGet("/stats", StatsAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe(Tag, "getStats", "Read the counts", "From maintained counters: the cost does not grow with the number of jobs.")
            .TakesTenant()
            .Answers<StatsResponse>(StatusCodes.Status200OK, "Counts and rates, as a sum and for each queue; of the queues the first 200 by name, all are at GET /queues.");
    }

    private static async Task<Results<Ok<LimitsResponse>, Problem>> LimitsAsync(
        HttpContext context, IJobBoard board, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var tenant = await query.OneTenantAsync(context, tenants, cancellationToken);
        return (query.ToProblem() ?? tenant.Problem) is { } problem
            ? problem
            : TypedResults.Ok(LimitsResponse.From(await board.UsageOfAsync(tenant.Value!.Value, cancellationToken)));
    }

    private static async Task<Results<Ok<StatsResponse>, Problem>> StatsAsync(
        HttpContext context, StatsQueries stats, QueueQueries queues, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        var total = await stats.TotalAsync(scope.Value, cancellationToken);
        var first = await queues.PageAsync(scope.Value, null, MaxQueues, cancellationToken);
        return TypedResults.Ok(StatsResponse.From(total, first.Items));
    }
}
