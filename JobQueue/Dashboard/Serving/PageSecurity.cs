using JobQueue.Access.Sessions;

namespace JobQueue.Dashboard.Serving;

/// <summary>What browsers are told about our answers.</summary>
internal static class PageSecurity
{
    /// <summary>Styles may be inline because MudBlazor sets some on elements; scripts may not, from anywhere.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static Task AddHeadersAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        if (PagePaths.Contains(http.Request.Path))
        {
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XFrameOptions = "DENY";
        }

        return next(http);
    }
}
