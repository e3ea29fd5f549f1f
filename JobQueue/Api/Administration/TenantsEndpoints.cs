using System.Text.Json;
using JobQueue.Access;
using JobQueue.Api.Json;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Access;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Administration;

internal static class TenantsEndpoints
{
    private const string Tag = "Administration";

    private enum Field
    {
        MaxConcurrent,
        MaxNewPerMinute,
        MaxPending,
    }

    public static void MapTenants(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tenants", ListAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe(Tag, "listTenants", "List tenants", "By name.")
            .TakesPaging()
            .Answers<ListResponse<TenantResponse>>(StatusCodes.Status200OK, "One page.");
        routes.MapPut("/tenants/{name}", PutAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe(Tag, "setTenantLimits", "Set a tenant's limits", "Absent fields stay; null takes a limit away. A missing tenant is made, with the default limits.")
            .Takes<TenantRequest>()
            .Answers<TenantResponse>(StatusCodes.Status200OK, "The tenant as it is now.")
            .Answers<TenantResponse>(StatusCodes.Status201Created, "The tenant was made.")
            .AnswersLocation();
    }

    private static async Task<Results<Ok<ListResponse<TenantResponse>>, Problem>> ListAsync(
        HttpContext context, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var paging = query.Paging();
        if (query.ToProblem() is { } problem)
            return problem;
        return (await tenants.ListAsync(cancellationToken)).PageOf(paging).ToResponse(TenantResponse.From);
    }

    private static async Task<Results<Ok<TenantResponse>, Created<TenantResponse>, Problem>> PutAsync(
        string name, HttpContext context, RequestBody bodies, TenantStore tenants, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        if (!Names.IsValid(name))
            return Problem.Invalid("name", Names.Rule);
        var change = await bodies.ReadAsync(context, ReadChange);
        if (change.Problem is not null)
            return change.Problem;
        var (tenant, created) = await tenants.PutAsync(name, change.Value!, context.Caller().ActorFrom(context), cancellationToken);
        return created
            ? TypedResults.Created($"{context.Request.PathBase}/tenants/{name}", TenantResponse.From(tenant))
            : TypedResults.Ok(TenantResponse.From(tenant));
    }

    private static Func<TenantLimits, TenantLimits> ReadChange(ref FieldReader body)
    {
        var seen = new FieldSet();
        Func<TenantLimits, TenantLimits> change = limits => limits;
        while (body.Next(ref seen, out Field field))
        {
            // Here null is a value: no limit.
            var limit = body.Kind == JsonTokenType.Null ? null : body.Integer(0, int.MaxValue);
            var before = change;
            change = field switch
            {
                Field.MaxConcurrent => limits => before(limits) with { MaxConcurrent = limit },
                Field.MaxNewPerMinute => limits => before(limits) with { MaxNewPerMinute = limit },
                _ => limits => before(limits) with { MaxPending = limit },
            };
        }

        return change;
    }
}
