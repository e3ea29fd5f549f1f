using JobQueue.Access;
using JobQueue.Access.Audit;
using JobQueue.Api.Json;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Storage.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Administration;

internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/audit", ListAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe("Administration", "listAudit", "Read the audit log", "Who did what to what, when and from where; newest first.")
            .TakesQuery("actor", "Who, as in user:operator or token:ci.")
            .TakesQuery("action", "What, as in job.cancel.")
            .TakesQuery("tenant", "The tenant's name, also of one that is no more.")
            .TakesPaging()
            .Answers<ListResponse<AuditResponse>>(StatusCodes.Status200OK, "One page.");

    private static async Task<Results<Ok<ListResponse<AuditResponse>>, Problem>> ListAsync(
        HttpContext context, AuditStore audit, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var filter = new AuditFilter(query.Text("actor"), query.Text("action"), query.Text("tenant"));
        var paging = query.Paging();
        if (query.ToProblem() is { } problem)
            return problem;
        var page = await audit.ListAsync(filter, paging.Cursor, paging.Limit, cancellationToken);
        return page.ToResponse(AuditResponse.From);
    }
}
