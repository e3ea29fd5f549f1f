using JobQueue.Access.Sessions;
using JobQueue.Dashboard.Actions;
using JobQueue.Dashboard.Live;
using JobQueue.Dashboard.Serving;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using MudBlazor;
using MudBlazor.Services;

namespace JobQueue.Dashboard;

internal static class DashboardSetup
{
    /// <summary>Adds the pages. Needs storage and sign-in.</summary>
    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        // A payload is sent as a JSON string inside a message: each of its bytes may become two.
        var payload = builder.Configuration.GetValue($"{JobsOptions.Section}:{nameof(JobsOptions.MaxPayloadKilobytes)}", 512L) * 1024;
        services.AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(options => options.MaximumReceiveMessageSize = (2 * payload) + (64 * 1024));
        // Over https alone where that is how the page came, as the cookie of the session.
        services.AddAntiforgery(options => options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, OpenPageRevalidation>();
        services.AddSingleton<LiveRefresh>();
        services.AddSingleton<LiveStats>();
        services.AddSingleton<JobCommands>();
        services.AddScoped<Feedback>();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.PreventDuplicates = false;
            options.SnackbarConfiguration.VisibleStateDuration = 5000;
        });
    }

    /// <summary>What stands before all that may refuse a page: headers, pages for errors, who may connect.</summary>
    public static void UseDashboard(this WebApplication app)
    {
        app.Use(PageSecurity.AddHeadersAsync);
        app.Use(RelativeRedirects.MakeAsync);
        app.UseStatusCodePagesWithReExecute(PagePaths.NotFound, "?code={0}", createScopeForStatusCodePages: true);
        app.Use(KeepApiAnswersAsync);
        app.UseMiddleware<CircuitOrigin>();
    }

    /// <summary>Serves the pages, their files and their circuits. Stands after authorization.</summary>
    public static void MapDashboard(this WebApplication app)
    {
        app.UseAntiforgery();
        app.Use(MissingPages.MarkAsync);

        app.MapStaticAssets();
        app.MapGet("/", () => Results.LocalRedirect($"~{PagePaths.Home}")).ExcludeFromDescription();
        app.MapPost(PagePaths.SignOut, SignOutAsync).RequireAuthorization(SignInCookie.Policy).ExcludeFromDescription();
        app.MapGet($"/{Links.Jobs}/{{id}}/raw/{{part}}", RawJson.GetAsync).RequireAuthorization(SignInCookie.Policy).ExcludeFromDescription();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null)
            .RequireAuthorization(SignInCookie.Policy);
    }

    /// <summary>Status codes become pages for people alone: neither for programs nor for a page's own connection.</summary>
    private static Task KeepApiAnswersAsync(HttpContext http, RequestDelegate next)
    {
        var isApi = !PagePaths.Contains(http.Request.Path);
        if ((isApi || http.Request.Path.StartsWithSegments(PagePaths.Circuit)) && http.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        return isApi ? next(http) : ServePageAsync(http, next);
    }

    private static async Task ServePageAsync(HttpContext http, RequestDelegate next)
    {
        // The page about a refused form is no form itself.
        if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null)
            http.Request.Method = HttpMethods.Get;
        await next(http);
        // A refused form is answered with the type of a page and nothing in it, which looks finished and is not.
        if (http.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false } refused)
            refused.ContentType = null;
    }

    /// <summary>The form's (empty) binding is what makes the framework check its antiforgery token.</summary>
    private static async Task<IResult> SignOutAsync(HttpContext http, [FromForm(Name = "then")] string? then = null)
    {
        await http.SignOutAsync(SignInCookie.Scheme);
        return Results.LocalRedirect(then is null ? $"~{PagePaths.SignIn}" : PagePaths.LocalOrHome(http.Request.PathBase, then));
    }
}
