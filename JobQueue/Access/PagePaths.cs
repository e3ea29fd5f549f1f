namespace JobQueue.Access;

/// <summary>Which paths belong to people. There a cookie is the credential; everywhere else it counts for nothing.</summary>
internal static class PagePaths
{
    public const string Home = "/dashboard";
    public const string SignIn = "/login";
    public const string SignOut = "/logout";
    public const string Setup = "/setup";
    public const string Circuit = "/_blazor";

    private static readonly string[] Pages = [Home, SignIn, SignOut, Setup, Circuit, NotFound];

    public const string NotFound = "/not-found";

    public static bool IsPage(PathString path) =>
        path == "/" || Array.Exists(Pages, page => path.StartsWithSegments(page, StringComparison.OrdinalIgnoreCase));

    /// <summary>Only a path of ours: who signs in must not be led elsewhere.</summary>
    public static string LocalOrHome(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) && url != "/" ? url : Home;
}
