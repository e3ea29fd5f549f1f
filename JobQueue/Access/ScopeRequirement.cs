using JobQueue.Access.Tokens;
using Microsoft.AspNetCore.Authorization;

namespace JobQueue.Access;

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
