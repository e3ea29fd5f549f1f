using JobQueue.Access.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace JobQueue.Access.Sessions;

/// <summary>The cookie that carries a session: a credential for pages alone, void as soon as the user's stamp changes.</summary>
internal static class SignInCookie
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>The policy of every page: somebody is signed in, by this cookie.</summary>
    public const string Policy = "page";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "jobqueue";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = true;
        options.LoginPath = PagePaths.SignIn;
        options.ReturnUrlParameter = "returnUrl";
        options.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = ValidateAsync,
            OnRedirectToLogin = RedirectToSignIn,
            OnRedirectToAccessDenied = static context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            },
        };
    }

    public static Task SignInAsync(HttpContext http, User user) =>
        http.SignInAsync(Scheme, Viewer.From(user).ToPrincipal(), new AuthenticationProperties { IsPersistent = true });

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var accounts = http.RequestServices.GetRequiredService<IAccounts>();
        if (context.Principal is null
            || Viewer.From(context.Principal) is not { } viewer
            || !await accounts.IsCurrentAsync(viewer.UserId, viewer.Stamp, http.RequestAborted))
        {
            context.RejectPrincipal();
            await http.SignOutAsync(Scheme);
        }
    }

    /// <summary>A person is led to the sign-in page; a script gets an answer that it understands.</summary>
    private static Task RedirectToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments(PagePaths.Circuit))
            context.Response.Redirect(context.RedirectUri);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
