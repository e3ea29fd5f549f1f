using System.ComponentModel.DataAnnotations;

namespace JobQueue.Configuration.Proxies;

/// <summary>Section <c>Hosting</c>: where callers find the server.</summary>
public sealed class HostingOptions
{
    public const string Section = "Hosting";

    /// <summary>The path below which everything lies, such as <c>/queue</c>. Empty: the root.</summary>
    [SubPath]
    public string PathBase { get; set; } = "";

    private sealed class SubPathAttribute() : ValidationAttribute(SubPath.Allowed)
    {
        public override bool IsValid(object? value) => value is string text && SubPath.IsValid(text);
    }
}
