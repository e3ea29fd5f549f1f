using JobQueue.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace JobQueue.Tests.Clients;

/// <summary>A C# program that a test compiles: a generated client with what it does, or a page's example. It may use the tests' packages.</summary>
/// <remarks>Compiled here, since building a project for it would take ten times as long.</remarks>
internal sealed class CompiledProgram
{
    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parsing = new(preprocessorSymbols: ["NET", "NET5_0_OR_GREATER", "NETCOREAPP3_1_OR_GREATER"]);

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private readonly string _path;

    private CompiledProgram(string path) => _path = path;

    /// <param name="name">No other program has it.</param>
    /// <param name="sources">The text of each file.</param>
    public static CompiledProgram Of(string name, IEnumerable<string> sources)
    {
        var compilation = CSharpCompilation.Create(
            name,
            [.. sources.Append(Usings).Select(text => CSharpSyntaxTree.ParseText(text, Parsing))],
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        // Beside the tests, where the packages are.
        var path = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        using var file = File.Create(path);
        var errors = compilation.Emit(file, cancellationToken: TestContext.Current.CancellationToken)
            .Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(error => error.ToString());
        Assert.Empty(errors);
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
