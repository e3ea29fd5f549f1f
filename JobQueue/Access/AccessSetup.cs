using JobQueue.Access.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace JobQueue.Access;

internal static class AccessSetup
{
    /// <summary>The default scheme: it only says which of the two worlds a path belongs to.</summary>
    private const string ByPath = "by-path";

    /// <summary>The bearer tokens of the API, and who may do what. Needs the storage.</summary>
    public static void AddAccess(this IHostApplicationBuilder builder)
    {
        // Before authentication, whose own look at the keys ends in a stack trace and goes on without them.
        builder.Services.AddHostedService<KeysAtStart>();
        builder.Services.AddAuthentication()
            .AddPolicyScheme(ByPath, null, options => options.ForwardDefaultSelector = context =>
                PagePaths.Contains(context.Request.Path) ? CookieAuthenticationDefaults.AuthenticationScheme : Bearer.Scheme)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(Bearer.Scheme, null);
        // Whatever another part registers after this one: it is the path that decides.
        builder.Services.PostConfigure<AuthenticationOptions>(options => options.DefaultScheme = ByPath);
        // The framework's line for every request with a wrong token would let anyone fill the log.
        builder.Logging.AddFilter(typeof(BearerHandler).FullName, LogLevel.Warning);
        builder.Services.AddAuthorization();
        builder.Services.Configure<AuthorizationOptions>(options =>
        {
            foreach (var scope in Scopes.All)
                options.AddPolicy(scope, policy => policy.AddRequirements(new ScopeRequirement(scope)));
        });
    }
}
