namespace JobQueue.Access;

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

    private static readonly string[] Prefixes =
        [Home, SignIn, SignOut, Setup, NotFound, Circuit, "/_framework", "/_content"];

    public static bool Contains(PathString path) =>
        !path.HasValue || path.Value is "/" || Array.Exists(Prefixes, prefix => path.StartsWithSegments(prefix));

    /// <summary>Only a path of ours: who signs in must not be led elsewhere.</summary>
    public static string LocalOrHome(string? url) =>
        url is ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl) ? url : Home;
}
