using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace JobQueue.Tests.Support;

/// <summary>C# that a test compiles, with the usings that a new project has. Building a project for it would take ten times as long.</summary>
internal static class Compiling
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

    private static readonly Lazy<IReadOnlyList<MetadataReference>> OfTests = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>What the tests use, and so may what they compile.</summary>
    public static IReadOnlyList<MetadataReference> References => OfTests.Value;

    /// <summary>Writes an assembly, or fails the test with what the compiler says.</summary>
    public static void Emit(Stream image, string name, OutputKind kind, IEnumerable<string> sources, IEnumerable<MetadataReference>? references = null)
    {
        var compilation = CSharpCompilation.Create(
            name,
            [.. sources.Append(Usings).Select(text => CSharpSyntaxTree.ParseText(text, Parsing))],
            references ?? References,
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
        var errors = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken)
            .Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(error => error.ToString());
        Assert.Empty(errors);
    }
}
