using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Api.Json;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Administration;

internal static class TokensEndpoints
{
    private const string Tag = "Administration";

    private enum Field
    {
        Tenant,
        Name,
        Scopes,
        ExpiresDays,
    }

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tokens", ListAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "listTokens", "List tokens", "Newest first; those of the caller's tenant, an administrator's of all.")
            .TakesTenant()
            .TakesPaging()
            .Answers<ListResponse<TokenResponse>>(StatusCodes.Status200OK, "One page.");
        routes.MapPost("/tokens", CreateAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "createToken", "Make a token", "For the caller's own tenant, with scopes the caller has. An administrator makes any.")
            .Takes<TokenRequest>()
            .Answers<NewTokenResponse>(StatusCodes.Status201Created, "The secret, shown this once.")
            .AnswersLocation();
        routes.MapDelete("/tokens/{id}", RevokeAsync)
            .RequireAuthorization(Scopes.JobsManage)
            .Describe(Tag, "revokeToken", "Revoke a token", "Works at once, also for what it has open.")
            .AnswersNothing("Revoked.")
            .Fails(ProblemKind.NotFound);
    }

    private static async Task<Results<Ok<ListResponse<TokenResponse>>, Problem>> ListAsync(
        HttpContext context, ITokens tokens, TenantStore tenants, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var paging = query.Paging();
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        if ((query.ToProblem() ?? scope.Problem) is { } problem)
            return problem;
        return (await tokens.ListAsync(scope.Value, cancellationToken)).PageOf(paging).ToResponse(TokenResponse.From);
    }

    private static async Task<Results<Created<NewTokenResponse>, Problem>> CreateAsync(
        HttpContext context, RequestBody bodies, ITokens tokens, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        var body = await bodies.ReadAsync(context, ReadRequest);
        if (body.Problem is not null)
            return body.Problem;
        var request = body.Value!;
        var caller = context.Caller();
        var maker = caller.Token;
        var missing = request.Scopes.Where(scope => !maker.Has(scope)).ToList();
        if (missing.Count > 0)
            return Problem.ScopeMissing(missing);
        if (!maker.IsAdmin && request.Tenant is { } tenant && tenant != maker.Tenant)
            return Problem.ScopeMissing(Scopes.Admin);
        if (!maker.IsAdmin && request.Scopes.Contains(Scopes.MetricsRead))
            return Problem.ScopeMissing(Scopes.Admin);

        var actor = caller.ActorFrom(context);
        var made = await tokens.CreateAsync(
            new NewTokenRequest(
                request.Tenant ?? maker.Tenant,
                request.Name ?? TokenRequest.DefaultName,
                request.Scopes,
                request.ExpiresDays,
                actor.Name,
                Demo: false,
                Secret: null,
                actor.RemoteAddress),
            cancellationToken);
        return TypedResults.Created($"{context.Request.PathBase}/tokens/{made.Id}", new NewTokenResponse(made.Id, made.Secret));
    }

    private static async Task<Results<NoContent, Problem>> RevokeAsync(
        string id, HttpContext context, ITokens tokens, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        var caller = context.Caller();
        if (!Guid.TryParseExact(id, "D", out var tokenId)
            || (await tokens.ListAsync(caller.Scope, cancellationToken)).FirstOrDefault(found => found.Token.Id == tokenId) is not { } token)
        {
            return NotFound(id);
        }

        // Who may not give a scope may not take it either.
        var missing = token.Token.Scopes.Where(scope => !caller.Token.Has(scope)).ToList();
        if (missing.Count > 0)
            return Problem.ScopeMissing(missing);
        return await tokens.RevokeAsync(tokenId, caller.ActorFrom(context), cancellationToken)
            ? TypedResults.NoContent()
            : NotFound(id);
    }

    private static TokenRequest ReadRequest(ref FieldReader body)
    {
        var seen = new FieldSet();
        string? tenant = null, name = null;
        List<string> scopes = [];
        int? days = null;
        var hasScopes = false;
        while (body.Next(ref seen, out Field field))
        {
            switch (field)
            {
                case Field.Tenant:
                    tenant = body.Text(Names.Error);
                    break;
                case Field.Name:
                    name = body.Text(TokenRules.NameError);
                    break;
                case Field.Scopes:
                    (hasScopes, scopes) = (true, ReadScopes(ref body));
                    break;
                case Field.ExpiresDays:
                    days = body.Integer(1, TokenRules.MaxExpiresDays);
                    break;
            }
        }

        if (!hasScopes)
            body.Fail("scopes", $"is required: one or more of {string.Join(", ", Scopes.All)}.");
        return new TokenRequest { Tenant = tenant, Name = name, Scopes = scopes, ExpiresDays = days };
    }

    private static List<string> ReadScopes(ref FieldReader body)
    {
        List<string> scopes = [];
        if (!body.BeginArray())
            return scopes;
        while (body.NextElement())
        {
            var scope = body.TextOrEmpty();
            if (!scopes.Contains(scope))
                scopes.Add(scope);
        }

        if (TokenRules.ScopesError(scopes) is { } error)
            body.Fail(error);
        return scopes;
    }

    private static Problem NotFound(string id) => Problem.NotFound($"There is no token with the id '{Problem.Shorten(id)}'.");
}
