using JobQueue.Handlers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace JobQueue.Tests.Handlers.Loading;

/// <summary>An assembly of handlers that a test compiles. It may use what the tests use.</summary>
internal static class CompiledHandlers
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

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    /// <summary>Writes the assembly to the path.</summary>
    public static void Write(string path, params string[] sources)
    {
        using var file = File.Create(path);
        Emit(file, path, sources, References.Value);
    }

    /// <summary>The same for an assembly that is built against another JobQueue, which holds what its source says.</summary>
    public static void WriteAgainst(string jobQueue, string path, string source)
    {
        var others = References.Value.Where(reference => reference.Display != typeof(JobContext).Assembly.Location).ToList();
        using var other = new MemoryStream();
        Emit(other, "JobQueue.dll", [jobQueue], others);
        using var file = File.Create(path);
        Emit(file, path, [source], others.Append(MetadataReference.CreateFromImage(other.ToArray())));
    }

    private static void Emit(Stream image, string path, IEnumerable<string> sources, IEnumerable<MetadataReference> references)
    {
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            [.. sources.Append(Usings).Select(source => CSharpSyntaxTree.ParseText(source))],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken)
            .Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(error => error.ToString()));
    }
}
