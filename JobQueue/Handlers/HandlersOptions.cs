using System.ComponentModel.DataAnnotations;

namespace JobQueue.Handlers;

/// <summary>Section <c>Handlers</c>: whose job types there are beside the program's own.</summary>
public sealed class HandlersOptions
{
    public const string Section = "Handlers";

    /// <summary>Assemblies with handlers, each a file. A relative path starts beside the program.</summary>
    [AssemblyFile]
    public IList<string> Assemblies { get; set; } = [];

    private sealed class AssemblyFileAttribute() : ValidationAttribute("the path of an assembly, such as handlers/MyHandlers.dll")
    {
        public override bool IsValid(object? value) => value is string text && text.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
    }
}
