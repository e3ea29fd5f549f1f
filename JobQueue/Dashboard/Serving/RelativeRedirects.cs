using JobQueue.Access.Sessions;

namespace JobQueue.Dashboard.Serving;

/// <summary>
/// Redirects from page to page name the path alone. The framework writes the whole address as the server sees it, which behind a
/// proxy that does not tell the scheme, the host or the port is not the one that people have.
/// </summary>
internal static class RelativeRedirects
{
    public static Task MakeAsync(HttpContext http, RequestDelegate next)
    {
        if (PagePaths.Contains(http.Request.Path))
            http.Response.OnStarting(MakeRelative, http);
        return next(http);
    }

    private static Task MakeRelative(object state)
    {
        var (request, headers) = (((HttpContext)state).Request, ((HttpContext)state).Response.Headers);
        if (Uri.TryCreate(headers.Location, UriKind.Absolute, out var target)
            && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
            && own.IsBaseOf(target))
        {
            headers.Location = target.GetComponents(UriComponents.PathAndQuery | UriComponents.Fragment, UriFormat.UriEscaped);
        }

        return Task.CompletedTask;
    }
}
