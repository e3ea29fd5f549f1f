using JobQueue.Tests.Support;
using Microsoft.CodeAnalysis;

namespace JobQueue.Tests.Clients;

/// <summary>A C# program that a test compiles: a generated client with what it does, or a page's example. It may use the tests' packages.</summary>
internal sealed class CompiledProgram
{
    private readonly string _path;

    private CompiledProgram(string path) => _path = path;

    /// <param name="name">No other program has it.</param>
    /// <param name="sources">The text of each file.</param>
    public static CompiledProgram Of(string name, IEnumerable<string> sources)
    {
        // Beside the tests, where the packages are.
        var path = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        using var file = File.Create(path);
        Compiling.Emit(file, name, OutputKind.ConsoleApplication, sources);
        return new CompiledProgram(path);
    }

    /// <summary>Runs it to its end, which must be a good one.</summary>
    public Task<string> RunAsync(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        string Beside(string extension) => Path.Combine(AppContext.BaseDirectory, $"{typeof(CompiledProgram).Assembly.GetName().Name}.{extension}");

        return Tool.MustRunAsync(
            AppContext.BaseDirectory,
            ScriptProcess.Find("dotnet", "dotnet is not on the search path."),
            ["exec", "--depsfile", Beside("deps.json"), "--runtimeconfig", Beside("runtimeconfig.json"), _path, .. arguments],
            environment);
    }
}
