namespace JobQueue.Jobs.Targets;

/// <summary>Whom an HTTP call goes to, however its URL spells it: what a breaker and a cap go by.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">In lower case, in ASCII (punycode), an address in its usual form, IPv6 in brackets; no dot at its end.</param>
/// <param name="Port">1 to 65,535; the scheme's own where the URL names none.</param>
public sealed record HttpTarget(string Scheme, string Host, int Port)
{
    /// <summary>The target of a URL.</summary>
    /// <returns><see langword="null"/> for what <see cref="HttpCallRules.UrlError"/> refuses.</returns>
    public static HttpTarget? Of(string url) => HttpCallRules.TryReadUrl(url, out var uri, out _) ? Of(uri) : null;

    /// <summary>Such as <c>https://example.com:443</c>; equal texts are equal targets.</summary>
    public override string ToString() => $"{Scheme}://{Host}:{Port}";

    internal static HttpTarget Of(Uri uri)
    {
        var host = uri.IdnHost.TrimEnd('.').ToLowerInvariant();
        return new HttpTarget(uri.Scheme, uri.HostNameType == UriHostNameType.IPv6 ? $"[{host}]" : host, uri.Port);
    }
}
