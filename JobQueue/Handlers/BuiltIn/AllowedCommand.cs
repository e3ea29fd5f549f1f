using System.ComponentModel.DataAnnotations;

namespace JobQueue.Handlers.BuiltIn;

/// <summary>A program that jobs may run.</summary>
public sealed class AllowedCommand
{
    /// <summary>The program's file.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>Its arguments; <c>{placeholders}</c> are filled from the payload.</summary>
    public IList<string> Args { get; set; } = [];
}
