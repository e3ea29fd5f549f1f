using JobQueue.Access.Users;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace JobQueue.Dashboard.Serving;

/// <summary>
/// Asks again and again whether the session of an open page still counts; a page whose session ended goes to the sign-in. It
/// asks at once when any account has changed, and now and then in any case.
/// </summary>
internal sealed class OpenPageRevalidation(ILoggerFactory loggerFactory, IAccounts accounts, TimeProvider time)
    : RevalidatingServerAuthenticationStateProvider(loggerFactory)
{
    private static readonly TimeSpan NowAndThen = TimeSpan.FromSeconds(30);

    private long _version = -1;
    private long _askedAt;

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(0.5);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var version = accounts.Version;
        if (version == _version && time.GetElapsedTime(_askedAt) < NowAndThen)
            return true;
        if (Viewer.From(authenticationState.User) is not { } viewer)
            return false;
        try
        {
            var counts = await accounts.IsCurrentAsync(viewer.UserId, viewer.Stamp, cancellationToken);
            (_version, _askedAt) = (version, time.GetTimestamp());
            return counts;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database is away: it is asked again at once when it is back, and meanwhile gives no page anything.
            return true;
        }
    }
}
