using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace JobQueue.Access;

/// <summary>Names of the bearer scheme (RFC 6750).</summary>
internal static class Bearer
{
    public const string Scheme = "Bearer";

    /// <summary>The scopes an endpoint asks for.</summary>
    public static IEnumerable<string> ScopesOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Where(Scopes.IsKnown) ?? [];
}

/// <summary>
/// Authentication of API calls by <c>Authorization: Bearer …</c> (RFC 6750). It answers with status and header alone; whoever
/// serves the path writes the body.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TokenStore tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Lead = Bearer.Scheme + " ";
    private const string Realm = "Bearer realm=\"jobqueue\"";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header))
            return AuthenticateResult.NoResult();
        if (!header.StartsWith(Lead, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.Fail("Not a bearer token.");
        var caller = await tokens.FindAsync(header.AsMemory(Lead.Length).Trim(), Context.RequestAborted);
        return caller?.Ticket ?? AuthenticateResult.Fail("Not a valid token.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Request.Headers.ContainsKey(HeaderNames.Authorization)
            ? $"{Realm}, error=\"invalid_token\""
            : Realm;
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers.WWWAuthenticate =
            $"{Realm}, error=\"insufficient_scope\", scope=\"{string.Join(' ', Bearer.ScopesOf(Context.GetEndpoint()))}\"";
        return Task.CompletedTask;
    }
}

/// <summary>An authorization policy's one demand: a token with the scope.</summary>
internal sealed class ScopeRequirement(string scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User is TokenPrincipal caller && caller.Token.Has(scope))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
