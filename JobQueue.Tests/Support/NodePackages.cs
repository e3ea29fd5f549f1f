using System.Diagnostics;

namespace JobQueue.Tests.Support;

/// <summary>Packages of npm for tests with other people's clients. Each version is installed once a machine.</summary>
internal static class NodePackages
{
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>A folder whose scripts can import the package; without it the test is skipped.</summary>
    public static async Task<string> FolderWithAsync(string package, string version)
    {
        var npm = ScriptProcess.Find("npm", "npm is missing: apt-get install npm");
        var folder = Path.Combine(Path.GetTempPath(), $"jobqueue-npm-{package}-{version}");
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Directory.Exists(folder))
                await InstallAsync(npm, package, version, folder);
        }
        finally
        {
            Turn.Release();
        }

        return folder;
    }

    /// <summary>Beside the folder first, so that one that is there is whole.</summary>
    private static async Task InstallAsync(string npm, string package, string version, string folder)
    {
        var start = new ProcessStartInfo(npm, ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", $"{package}@{version}"])
        {
            WorkingDirectory = Directory.CreateTempSubdirectory("jobqueue-npm-").FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        await File.WriteAllTextAsync(Path.Combine(start.WorkingDirectory, "package.json"), "{}", TestContext.Current.CancellationToken);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Requires.That(process.ExitCode == 0, $"npm could not install {package} {version}: {await output}{await error}");
        Directory.Move(start.WorkingDirectory, folder);
    }
}
