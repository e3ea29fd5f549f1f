using JobQueue.Access.Users;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace JobQueue.Dashboard.Serving;

/// <summary>Asks again and again whether the session of an open page still counts; a page whose session ended goes to the sign-in.</summary>
internal sealed class OpenPageRevalidation(ILoggerFactory loggerFactory, IAccounts accounts)
    : RevalidatingServerAuthenticationStateProvider(loggerFactory)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Viewer.From(authenticationState.User) is { } viewer
        && await accounts.IsCurrentAsync(viewer.UserId, viewer.Stamp, cancellationToken);
}
