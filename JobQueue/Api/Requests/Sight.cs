using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Api.Problems;
using JobQueue.Storage.Access;
using JobQueue.Tenants;

namespace JobQueue.Api.Requests;

/// <summary>Who calls, and what they may see.</summary>
internal static class Sight
{
    public static TokenPrincipal Caller(this HttpContext context) => (TokenPrincipal)context.User;

    /// <summary>
    /// The tenant whose things a call is about: a caller's own, or for an administrator all of them (<see langword="null"/>)
    /// unless the parameter <c>tenant</c> names one.
    /// </summary>
    public static async ValueTask<Parsed<TenantId?>> ScopeAsync(
        this QueryReader query, HttpContext context, TenantStore tenants, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        if (query.Text("tenant") is not { } name || name == caller.Token.Tenant)
            return new(query.Has("tenant") ? caller.Token.TenantId : caller.Scope, null);
        if (!caller.Token.IsAdmin)
            return new(null, Problem.ScopeMissing(Scopes.Admin));
        return await tenants.FindAsync(name, cancellationToken) is { } tenant
            ? new(tenant.Id, null)
            : new(null, Problem.TenantNotFound(name));
    }

    /// <summary>As <see cref="ScopeAsync"/> for calls about one tenant: an administrator's own unless they name another.</summary>
    public static async ValueTask<Parsed<TenantId?>> OneTenantAsync(
        this QueryReader query, HttpContext context, TenantStore tenants, CancellationToken cancellationToken)
    {
        var scope = await query.ScopeAsync(context, tenants, cancellationToken);
        return scope.Problem is null ? new(scope.Value ?? context.Caller().Token.TenantId, null) : scope;
    }
}
