using System.ComponentModel;
using System.Text;
using JobQueue.Access;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Handlers;
using JobQueue.Jobs;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Types;

/// <summary>A job type that is known here.</summary>
internal sealed record TypeResponse(
    string Type,
    [property: Description("What it does; null for a type that only remote workers know.")] string? Description,
    [property: Description("JSON Schema of the payload, where it is known.")] RawJson? PayloadSchema,
    [property: Description("A payload that works, where one is known.")] RawJson? Example,
    [property: Description("Workers that take jobs of this type: this server's own, and remote ones heard of in the last minute.")] int WorkersPresent);

internal static class TypesEndpoints
{
    public static void MapTypes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/types", ListAsync)
            .RequireAuthorization(Scopes.JobsRead)
            .Describe("Types", "List job types", "The types that this server runs itself, and those that remote workers ask for, by name.")
            .TakesTenant()
            .TakesPaging()
            .Answers<ListResponse<TypeResponse>>(StatusCodes.Status200OK, "One page.")
            .Fails(400, 404);

    private static async Task<Results<Ok<ListResponse<TypeResponse>>, Problem>> ListAsync(
        HttpContext context, HandlerRegistry handlers, WorkerDirectory workers, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request.Query);
        var paging = query.Paging();
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        return TypesOf(handlers, [.. workers.Present().Where(worker => IsInSight(worker, scope.Value))])
            .PageOf(paging)
            .ToResponse(static type => type);
    }

    private static List<TypeResponse> TypesOf(HandlerRegistry handlers, IReadOnlyList<KnownWorker> present) =>
        handlers.Types.Union(present.SelectMany(worker => worker.Types ?? Enumerable.Empty<string>()))
            .Order(StringComparer.Ordinal)
            .Select(type =>
            {
                var description = handlers.TryGet(type, out var entry) ? entry.Description : null;
                return new TypeResponse(
                    type,
                    description?.Summary,
                    Raw(description?.PayloadSchema),
                    Raw(description?.Example),
                    present.Where(worker => worker.Types?.Contains(type) ?? true).DistinctBy(worker => (worker.Tenant, worker.InProcess, worker.Name)).Count());
            })
            .ToList();

    /// <summary>Another tenant's workers are not to be seen.</summary>
    private static bool IsInSight(KnownWorker worker, TenantId? scope) => scope is null || worker.Tenant is null || worker.Tenant == scope;

    private static RawJson? Raw(string? json) => json is null ? null : new RawJson(Encoding.UTF8.GetBytes(json));
}
