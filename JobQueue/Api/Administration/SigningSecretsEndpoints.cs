using JobQueue.Access;
using JobQueue.Access.Signing;
using JobQueue.Api.Json;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Storage.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobQueue.Api.Administration;

internal static class SigningSecretsEndpoints
{
    private const string Tag = "Administration";

    private enum Field
    {
        Secret,
    }

    public static void MapSigningSecrets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tenants/{name}/signing-secrets", ListAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe(Tag, "listSigningSecrets", "List a tenant's signing secrets", "The older first, as their signatures stand in the header. The secrets themselves are not shown.")
            .TakesPaging()
            .Answers<ListResponse<SigningSecretResponse>>(StatusCodes.Status200OK, "Two at most.")
            .Fails(ProblemKind.NotFound);
        routes.MapPost("/tenants/{name}/signing-secrets", CreateAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe(
                Tag, "createSigningSecret", "Give a tenant a signing secret",
                "From the next attempt on its jobs of the type http.request are signed with it (Standard Webhooks). While there are two, each call carries both signatures.")
            .Takes<SigningSecretRequest>(optional: true)
            .Answers<NewSigningSecretResponse>(StatusCodes.Status201Created, "The secret, shown this once.")
            .AnswersLocation()
            .Fails(ProblemKind.NotFound, ProblemKind.TooManySecrets);
        routes.MapDelete("/tenants/{name}/signing-secrets/{id}", DeleteAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe(Tag, "deleteSigningSecret", "Delete a signing secret", "From the next attempt on nothing is signed with it.")
            .AnswersNothing("Deleted.")
            .Fails(ProblemKind.NotFound);
    }

    private static async Task<Results<Ok<ListResponse<SigningSecretResponse>>, Problem>> ListAsync(
        string name, HttpContext context, TenantStore tenants, SigningSecretStore secrets, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var paging = query.Paging();
        if (query.ToProblem() is { } problem)
            return problem;
        if (await tenants.FindAsync(name, cancellationToken) is not { } tenant)
            return Problem.TenantNotFound(name);
        return (await secrets.ListAsync(tenant, cancellationToken)).PageOf(paging).ToResponse(SigningSecretResponse.From);
    }

    private static async Task<Results<Created<NewSigningSecretResponse>, Problem>> CreateAsync(
        string name, HttpContext context, RequestBody bodies, TenantStore tenants, SigningSecretStore secrets, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        var body = await bodies.ReadAsync(context, ReadSecret, optional: true);
        if (body.Problem is not null)
            return body.Problem;
        if (await tenants.FindAsync(name, cancellationToken) is not { } tenant)
            return Problem.TenantNotFound(name);
        var secret = body.Value ?? SigningSecret.Create();
        if (await secrets.AddAsync(tenant, secret, context.Caller().ActorFrom(context), cancellationToken) is not { } added)
            return Problem.TooManySecrets(tenant.Name);
        return TypedResults.Created(
            $"{context.Request.PathBase}/tenants/{tenant.Name}/signing-secrets/{added.Id}",
            new NewSigningSecretResponse(added.Id, secret.Text, added.CreatedAt));
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(
        string name, string id, HttpContext context, TenantStore tenants, SigningSecretStore secrets, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        if (await tenants.FindAsync(name, cancellationToken) is not { } tenant)
            return Problem.TenantNotFound(name);
        return Guid.TryParseExact(id, "D", out var secretId)
            && await secrets.RemoveAsync(tenant, secretId, context.Caller().ActorFrom(context), cancellationToken)
                ? TypedResults.NoContent()
                : Problem.NotFound($"The tenant has no signing secret with the id '{Problem.Shorten(id)}'.");
    }

    private static SigningSecret? ReadSecret(ref FieldReader body)
    {
        var seen = new FieldSet();
        SigningSecret? secret = null;
        while (body.Next(ref seen, out Field _))
        {
            if (body.Text(0, int.MaxValue) is { } text && !SigningSecret.TryRead(text, out secret))
                body.Fail(SigningSecret.Rule);
        }

        return secret;
    }
}
