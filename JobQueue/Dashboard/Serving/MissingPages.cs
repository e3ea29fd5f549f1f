using JobQueue.Access.Bootstrap;
using JobQueue.Access.Sessions;
using JobQueue.Access.Users;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Queries;

namespace JobQueue.Dashboard.Serving;

/// <summary>
/// Pages that have an address but are not there: 404 for browsers and crawlers too. It is decided before anything is drawn,
/// because a page is drawn over its circuit, when the status of the answer has long been sent.
/// </summary>
internal static class MissingPages
{
    private static readonly PathString Jobs = new($"/{Links.Jobs}");

    public static Task MarkAsync(HttpContext http, RequestDelegate next) =>
        PagePaths.Contains(http.Request.Path) ? MarkPageAsync(http, next) : next(http);

    private static async Task MarkPageAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path == PagePaths.Setup
            && !await http.RequestServices.GetRequiredService<FirstAdministrator>().IsOpenAsync(http.RequestAborted))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // A job that is not in sight: the page itself says so, in the shell.
        if (HttpMethods.IsGet(http.Request.Method)
            && http.Request.Path.StartsWithSegments(Jobs, out var rest)
            && rest.Value is ['/', _, ..] && rest.Value.IndexOf('/', 1) < 0
            && Viewer.From(http.User) is { } viewer
            && !await IsKnownAsync(http, viewer, rest.Value[1..]))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        await next(http);
    }

    private static async Task<bool> IsKnownAsync(HttpContext http, Viewer viewer, string text) =>
        JobId.TryParse(text, out var id)
        && await http.RequestServices.GetRequiredService<JobQueries>().FindAsync(viewer.Scope, id, http.RequestAborted) is not null;
}
