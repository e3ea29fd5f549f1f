using System.Text;
using JobQueue.Access;
using JobQueue.Api.Json;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Handlers;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Access;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Types;

internal static class TypesEndpoints
{
    public static void MapTypes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/types", ListAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Types", "listTypes", "List job types", "Those this server runs, those that other servers on its database run, and those that remote workers of the tenant name; by name.")
            .TakesTenant()
            .TakesPaging()
            .Answers<ListResponse<TypeResponse>>(StatusCodes.Status200OK, "One page.");

    private static async Task<Results<Ok<ListResponse<TypeResponse>>, Problem>> ListAsync(
        HttpContext context, HandlerRegistry handlers, IWorkers workers, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var paging = query.Paging();
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        var present = (await workers.PresentAsync(cancellationToken)).Where(worker => IsInSight(worker, scope.Value)).ToList();
        return present.SelectMany(worker => worker.Types ?? Enumerable.Empty<string>())
            .Union(handlers.Types)
            .Order(StringComparer.Ordinal)
            .ToList()
            .PageOf(paging)
            .ToResponse(type => Describe(type, handlers, present));
    }

    /// <summary>A worker for every tenant is in everybody's sight.</summary>
    private static bool IsInSight(KnownWorker worker, TenantId? scope) =>
        worker.Tenant is null || scope is null || worker.Tenant == scope;

    private static TypeResponse Describe(string type, HandlerRegistry handlers, List<KnownWorker> present)
    {
        var handler = handlers.TryGet(type, out var found) ? found : null;
        return new TypeResponse
        {
            Type = type,
            Description = handler?.Summary,
            PayloadSchema = Json(handler?.PayloadSchema),
            Example = Json(handler?.Example),
            WorkersPresent = present.Count(worker => worker.Types?.Contains(type) ?? true),
        };
    }

    private static RawJson? Json(string? text) => text is null ? null : new RawJson(Encoding.UTF8.GetBytes(text));
}
