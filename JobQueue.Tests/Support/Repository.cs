namespace JobQueue.Tests.Support;

/// <summary>The files that lie beside the code: README, docs, scripts.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string File(params IEnumerable<string> path) => Path.Combine([Root, .. path]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "JobQueue.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above the tests holds JobQueue.sln.");
        return folder.FullName;
    }
}
