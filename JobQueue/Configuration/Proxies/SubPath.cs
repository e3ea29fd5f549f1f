using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace JobQueue.Configuration.Proxies;

/// <summary>
/// Serves everything below a path: the one of the settings, or the one that a known proxy tells of in <c>X-Forwarded-Prefix</c>.
/// Whether the proxy takes it off the request's path or leaves it there is the same to us.
/// </summary>
internal sealed partial class SubPath(RequestDelegate next, IOptions<HostingOptions> hosting, ILogger<SubPath> logger)
{
    public const string Allowed = "empty, or a path such as /queue of letters, digits and -._~ without a slash at its end";

    private readonly PathString _setting = new(hosting.Value.PathBase);

    /// <summary>It becomes part of pages, cookies and redirects, so there is nothing in it that means something anywhere.</summary>
    public static bool IsValid(string text) => Pattern().IsMatch(text);

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        request.PathBase = Told(request.PathBase) ?? _setting;
        if (request.PathBase.HasValue && request.Path.StartsWithSegments(request.PathBase, out var rest))
            request.Path = rest;
        return next(http);
    }

    /// <param name="prefix">What the framework took over from the header, which it does not look into.</param>
    private PathString? Told(PathString prefix)
    {
        if (prefix.Value?.TrimEnd('/') is not { Length: > 0 } path)
            return null;
        if (IsValid(path))
            return new PathString(path);
        ProxyLog.PrefixIgnored(logger, prefix.Value, Allowed);
        return null;
    }

    [GeneratedRegex(@"\A(/(?!\.{1,2}(/|\z))[A-Za-z0-9._~-]+)*\z")]
    private static partial Regex Pattern();
}
