using System.Security.Cryptography;
using JobQueue.Tests.Clients;
using JobQueue.Tests.Support;

[assembly: AssemblyFixture(typeof(ClientPackages))]

namespace JobQueue.Tests.Clients;

/// <summary>
/// The pinned npm packages of <c>Clients/node</c>, installed once and kept beside the tests until their lock file changes. A
/// test that needs them works in a folder of its own.
/// </summary>
public sealed class ClientPackages
{
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "Clients", "node");

    private readonly Lazy<Task<string>> _installed = new(InstallAsync);

    /// <summary>A new folder with what lies in <c>Clients/node</c> and the packages.</summary>
    internal async Task<TemporaryFolder> FolderAsync()
    {
        var packages = await _installed.Value;
        var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(Source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules"), Path.Combine(packages, "node_modules"));
        return folder;
    }

    private static async Task<string> InstallAsync()
    {
        ScriptProcess.Find("node", "node is missing: apt-get install nodejs");
        var npm = ScriptProcess.Find("npm", "npm is missing: apt-get install npm");
        var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Source, "package-lock.json"))))[..16];
        var folder = Path.Combine(AppContext.BaseDirectory, "node-packages", wanted);
        if (Directory.Exists(folder))
            return folder;
        var fresh = $"{folder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(fresh);
        foreach (var name in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(Source, name), Path.Combine(fresh, name));
        var (exitCode, output) = await Tool.RunAsync(fresh, npm, ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        Requires.That(exitCode == 0, $"npm could not install the packages of JobQueue.Tests/Clients/node: {output}");
        Directory.Move(fresh, folder);
        return folder;
    }
}
