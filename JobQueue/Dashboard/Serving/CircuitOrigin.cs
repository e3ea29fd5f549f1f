using JobQueue.Access.Sessions;

namespace JobQueue.Dashboard.Serving;

/// <summary>
/// A circuit acts with its visitor's cookie: pages of other origins must not open one. A proxy that hands on a host of its own
/// makes our pages look like those, so the refusal says what to do; the page shows it (js/circuit.js).
/// </summary>
internal sealed partial class CircuitOrigin(RequestDelegate next, ILogger<CircuitOrigin> logger)
{
    private int _told;

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        var origin = request.Headers.Origin.ToString();
        if (!request.Path.StartsWithSegments(PagePaths.Circuit)
            || origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && HostString.FromUriComponent(uri).Equals(request.Host)))
        {
            return next(http);
        }

        if (Interlocked.Exchange(ref _told, 1) == 0)
            Refused(logger, origin, request.Host.Value);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(
            $"The server refused the live connection: it was asked for as {request.Host}, and this page is of {origin}. "
            + "A proxy in between must hand on the header Host as the browser sent it; nginx: proxy_set_header Host $http_host.",
            http.RequestAborted);
    }

    [LoggerMessage(
        EventId = 5103,
        Level = LogLevel.Warning,
        Message = "A live connection was refused: it was asked for as {Host}, and its page is of {Origin}. A proxy in between must hand on the header Host as the browser sent it (nginx: proxy_set_header Host $http_host); pages of other sites may not connect. This is said once.")]
    private static partial void Refused(ILogger logger, string origin, string? host);
}
