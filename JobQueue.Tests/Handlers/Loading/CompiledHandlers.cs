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
    /// <param name="jobQueue">What it takes for JobQueue; that of these tests when absent.</param>
    public static void Write(string path, string source, MetadataReference? jobQueue = null)
    {
        using var file = File.Create(path);
        Emit(Path.GetFileNameWithoutExtension(path), source, file, jobQueue);
    }

    /// <summary>An assembly called JobQueue that holds something else.</summary>
    public static MetadataReference AnotherJobQueue(string source)
    {
        using var image = new MemoryStream();
        Emit("JobQueue", source, image, jobQueue: null, withoutJobQueue: true);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static void Emit(string name, string source, Stream image, MetadataReference? jobQueue, bool withoutJobQueue = false)
    {
        var references = jobQueue is null && !withoutJobQueue
            ? References.Value
            : References.Value.Where(reference => reference.Display != typeof(JobContext).Assembly.Location);
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(Usings)],
            jobQueue is null ? references : references.Append(jobQueue),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken)
            .Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(error => error.ToString()));
    }
}
