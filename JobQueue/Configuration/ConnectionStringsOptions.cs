using System.ComponentModel.DataAnnotations;
using JobQueue.Storage;

namespace JobQueue.Configuration;

/// <summary>Section <c>ConnectionStrings</c>.</summary>
public sealed class ConnectionStringsOptions
{
    public const string Section = "ConnectionStrings";

    /// <summary>Where the jobs are kept, as <see cref="ConnectionRules"/> has it for the engine. A relative path starts at the working directory.</summary>
    [Required]
    public string JobQueue { get; set; } = "Data Source=jobs.db";
}
