using System.ComponentModel.DataAnnotations;
using JobQueue.Storage;

namespace JobQueue.Configuration;

/// <summary>Section <c>ConnectionStrings</c>.</summary>
public sealed class ConnectionStringsOptions
{
    public const string Section = "ConnectionStrings";

    /// <summary>Where the jobs are kept. A relative path starts at the working directory.</summary>
    [Required]
    [NamesFile]
    public string JobQueue { get; set; } = "Data Source=jobs.db";

    private sealed class NamesFileAttribute() : ValidationAttribute(DatabaseFile.Allowed)
    {
        public override bool IsValid(object? value)
        {
            try
            {
                return value is string text && DatabaseFile.From(text) is not null;
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                return false;
            }
        }
    }
}
