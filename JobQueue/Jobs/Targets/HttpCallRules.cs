using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace JobQueue.Jobs.Targets;

/// <summary>
/// What the parts of an HTTP call may hold, whoever names them: the payload of <c>http.request</c>, the callback of a job. Only
/// the text is looked at; where a host's name leads is asked when the call is made. Pure; each check answers what is wrong, to
/// be read after the field's name ("must …"), or <see langword="null"/> when all is well.
/// </summary>
public static class HttpCallRules
{
    public const int MaxUrlLength = 8_000;

    /// <summary>Names and values of all headers together.</summary>
    public const int MaxHeaderLength = 16_000;

    private const int MaxMethodLength = 20;
    private const string ProxyPrefix = "Proxy-";

    /// <summary>The signature's headers (Standard Webhooks): nobody but the signer sets them.</summary>
    private const string SignaturePrefix = "webhook-";

    /// <summary>Said by the connection itself; set by hand, two ends would read one message in two ways.</summary>
    private static readonly string[] OwnHeaders =
        ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer"];

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("-._:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static string? UrlError(string url) => TryReadUrl(url, out _, out var error) ? null : error;

    /// <summary>Letters alone, in any case: it is sent in capitals. CONNECT and TRACE are no calls of an API.</summary>
    public static string? MethodError(string method) =>
        method.Length is 0 or > MaxMethodLength || !method.All(char.IsAsciiLetter) ? "must be a method such as GET or POST."
        : Is(method, "CONNECT") || Is(method, "TRACE") ? "must not be CONNECT or TRACE."
        : null;

    /// <summary>What is wrong with one header, to be read after its name.</summary>
    public static string? HeaderError(string name, string value) =>
        name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters) ? "is not the name of a header."
        : OwnHeaders.Any(own => Is(name, own)) || Begins(name, ProxyPrefix) ? "is set by the connection and must be left out."
        : Begins(name, SignaturePrefix) ? "is set by the signature and must be left out."
        : value.Any(char.IsControl) ? "must not contain line breaks or other control characters."
        : null;

    /// <summary>Reads a URL that is to be called.</summary>
    internal static bool TryReadUrl(string url, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? error)
    {
        uri = null;
        error = TextError(url);
        if (error is null && !Uri.TryCreate(WithLowerHost(url), UriKind.Absolute, out uri))
            error = "is not a URL.";
        error ??= uri!.Port == 0 ? "must not name the port 0." : HasHost(uri) ? null : "names a host that cannot be.";
        return error is null;
    }

    /// <summary>What the framework's own reading would mend in silence, and what would go another way than it looks.</summary>
    private static string? TextError(string url)
    {
        if (url.Length is 0 or > MaxUrlLength)
            return $"must have 1 to {MaxUrlLength:N0} characters.";
        if (url.Any(character => character <= ' ' || char.IsControl(character)))
            return "must not contain spaces, line breaks or other control characters.";
        if (!Begins(url, "http://") && !Begins(url, "https://"))
            return "must begin with http:// or https://.";
        var authority = url.AsSpan()[AuthorityOf(url)];
        return url.Contains('\\') ? "must not contain a backslash."
            : authority.Contains('@') ? "must not contain a user name or password; send them in a header."
            : authority.Contains('%') ? "must not contain '%' in its host."
            : null;
    }

    /// <summary>The framework lower-cases a host's Latin letters alone, and then encodes capitals of other alphabets as names of their own.</summary>
    private static string WithLowerHost(string url)
    {
        var authority = AuthorityOf(url);
        return string.Concat(url.AsSpan()[..authority.Start.Value], url[authority].ToLowerInvariant(), url.AsSpan()[authority.End..]);
    }

    /// <summary>Host and port.</summary>
    private static Range AuthorityOf(string url)
    {
        var start = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var length = url.AsSpan(start).IndexOfAny('/', '?', '#');
        return start..(length < 0 ? url.Length : start + length);
    }

    /// <summary>Whether the host has an ASCII form: a name in other letters may have none, or one with characters that no host has.</summary>
    private static bool HasHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0 && !uri.IdnHost.AsSpan().ContainsAnyExcept(HostCharacters);
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    private static bool Is(string text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool Begins(string text, string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);
}
