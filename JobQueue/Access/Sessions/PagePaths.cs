using System.Collections.Frozen;

namespace JobQueue.Access.Sessions;

/// <summary>
/// Two worlds on one host, told apart by path: on pages a cookie counts, on every other path a bearer token. Files are served
/// to anyone, so they need no place here.
/// </summary>
internal static class PagePaths
{
    public const string Home = "/dashboard";
    public const string SignIn = "/login";
    public const string SignOut = "/logout";
    public const string Setup = "/setup";
    public const string NotFound = "/not-found";

    /// <summary>Where open pages are connected.</summary>
    public const string Circuit = "/_blazor";

    private static readonly Uri AnyHost = new("http://localhost");

    private static readonly FrozenSet<string> FirstSegments = new[] { Home, SignIn, SignOut, Setup, NotFound, Circuit, "/_framework", "/_content" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Segments = FirstSegments.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Asked several times a request, also of every API call.</summary>
    public static bool Contains(PathString path)
    {
        if (path.Value is not { Length: > 1 } text)
            return true;
        var end = text.AsSpan(1).IndexOf('/');
        return Segments.Contains(end < 0 ? text : text.AsSpan(0, end + 1));
    }

    /// <summary>Only a path of ours: who signs in must not be led elsewhere.</summary>
    /// <param name="pathBase">Below which all of ours lies.</param>
    public static string LocalOrHome(PathString pathBase, string? url) =>
        url is ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl)
            && new PathString(new Uri(AnyHost, url).AbsolutePath).StartsWithSegments(pathBase)
            ? url
            : $"{pathBase}{Home}";
}
