using System.ComponentModel.DataAnnotations;

namespace JobQueue.Handlers;

/// <summary>Section <c>Handlers:Command</c>: what <c>command.run</c> may run.</summary>
public sealed class CommandHandlerOptions
{
    public const string Section = "Handlers:Command";

    /// <summary>By the name that a payload gives.</summary>
    public IDictionary<string, AllowedCommand> Commands { get; set; } = new Dictionary<string, AllowedCommand>();
}

/// <summary>A program that jobs may run.</summary>
public sealed class AllowedCommand
{
    /// <summary>The program's file.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>Its arguments; <c>{placeholders}</c> are filled from the payload.</summary>
    public IList<string> Args { get; set; } = [];
}
