using JobQueue.Handlers;
using JobQueue.Tests.Support;
using Microsoft.CodeAnalysis;

namespace JobQueue.Tests.Handlers.Loading;

/// <summary>An assembly of handlers that a test compiles. It may use what the tests use.</summary>
internal static class CompiledHandlers
{
    /// <summary>Writes the assembly to the path.</summary>
    public static void Write(string path, params string[] sources)
    {
        using var file = File.Create(path);
        Compiling.Emit(file, Path.GetFileNameWithoutExtension(path), OutputKind.DynamicallyLinkedLibrary, sources);
    }

    /// <summary>The same for an assembly that is built against another JobQueue, which holds what its source says.</summary>
    public static void WriteAgainst(string jobQueue, string path, string source)
    {
        var others = Compiling.References.Where(reference => reference.Display != typeof(JobContext).Assembly.Location).ToList();
        using var other = new MemoryStream();
        Compiling.Emit(other, "JobQueue", OutputKind.DynamicallyLinkedLibrary, [jobQueue], others);
        using var file = File.Create(path);
        Compiling.Emit(
            file,
            Path.GetFileNameWithoutExtension(path),
            OutputKind.DynamicallyLinkedLibrary,
            [source],
            others.Append(MetadataReference.CreateFromImage(other.ToArray())));
    }
}
