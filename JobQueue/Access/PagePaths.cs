namespace JobQueue.Access;

/// <summary>
/// Two worlds on one host, told apart by path: on pages a cookie counts, on every other path a bearer token. Files are served
/// to anyone, so they need no place here.
/// </summary>
internal static class PagePaths
{
    private static readonly string[] Prefixes =
        ["/dashboard", "/login", "/logout", "/setup", "/_blazor", "/_framework", "/_content"];

    public static bool Contains(PathString path) =>
        !path.HasValue || path.Value is "/" || Array.Exists(Prefixes, prefix => path.StartsWithSegments(prefix));
}
