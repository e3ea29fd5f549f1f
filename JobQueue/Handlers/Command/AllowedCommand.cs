using System.ComponentModel.DataAnnotations;

namespace JobQueue.Handlers.Command;

/// <summary>A program that jobs may run.</summary>
public sealed class AllowedCommand
{
    /// <summary>The program's file: absolute, or relative to this program's own folder.</summary>
    [Required, ProgramFile]
    public string Path { get; set; } = "";

    /// <summary>Its arguments; <c>{placeholders}</c> are filled from the payload.</summary>
    [Template]
    public IList<string> Args { get; set; } = [];

    internal string AbsolutePath => System.IO.Path.GetFullPath(Path, AppContext.BaseDirectory);

    /// <summary>An absolute path is looked at when a job comes: the file may be installed later, or only where workers are.</summary>
    private sealed class ProgramFileAttribute() : ValidationAttribute(
        "the file of a program, absolute or relative to this program's folder, where it must be; no batch file of Windows, which is run by a shell")
    {
        public override bool IsValid(object? value) =>
            value is string path
            && (System.IO.Path.IsPathFullyQualified(path) || File.Exists(System.IO.Path.GetFullPath(path, AppContext.BaseDirectory)))
            && !(OperatingSystem.IsWindows() && System.IO.Path.GetExtension(path).ToLowerInvariant() is ".bat" or ".cmd");
    }

    private sealed class TemplateAttribute() : ValidationAttribute(
        "a text in which {{name}} is the place of a value (letters, digits, '.', '_' and '-'), and braces of the text itself are doubled")
    {
        public override bool IsValid(object? value) => value is string argument && ArgumentTemplate.TryParse(argument) is not null;
    }
}
