using JobQueue.Tests.Clients;
using JobQueue.Tests.Examples;
using JobQueue.Tests.Support;

[assembly: AssemblyFixture(typeof(ExampleHandlers))]

namespace JobQueue.Tests.Examples;

/// <summary>The project of <c>docs/examples/handlers</c>, copied to another folder below the repository's, whose settings it must not take on, and built once.</summary>
public sealed class ExampleHandlers : IDisposable
{
    private readonly string _folder = Path.Combine(AppContext.BaseDirectory, $"example-handlers.{Guid.NewGuid():N}");
    private readonly Lazy<Task<string>> _built;

    public ExampleHandlers() => _built = new(BuildAsync);

    /// <summary>The path of the assembly.</summary>
    public Task<string> AssemblyAsync() => _built.Value;

    public void Dispose()
    {
        if (_built.IsValueCreated)
            Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> BuildAsync()
    {
        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.EnumerateFiles(Repository.File("docs", "examples", "handlers")))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        var (exitCode, output) = await Tool.RunAsync(
            _folder,
            ScriptProcess.Find("dotnet", "dotnet is not on the search path."),
            ["build", "-o", "bin/handlers", $"-p:JobQueueDll={Path.Combine(AppContext.BaseDirectory, "JobQueue.dll")}", "-nologo", "-warnaserror"]);
        Requires.That(!output.Contains("NU1301", StringComparison.Ordinal), "No package feed can be reached.");
        Assert.True(exitCode == 0, output);
        return Path.Combine(_folder, "bin", "handlers", "MarkdownHandlers.dll");
    }
}
