using JobQueue.Access;
using JobQueue.Jobs;
using JobQueue.Storage.Queries;

namespace JobQueue.Dashboard;

/// <summary>
/// The page of a job that is not in sight is a 404 for browsers and crawlers too: the page itself is drawn over the circuit,
/// when the status of its answer has long been sent.
/// </summary>
internal static class UnknownJobs
{
    public static async Task MarkAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsGet(http.Request.Method)
            && http.Request.Path.StartsWithSegments(Links.Jobs, out var rest)
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
