using System.ComponentModel.DataAnnotations;

namespace JobQueue.Configuration;

/// <summary>Section <c>ConnectionStrings</c>.</summary>
public sealed class ConnectionStringsOptions
{
    public const string Section = "ConnectionStrings";

    /// <summary>Where the jobs are kept. A relative path starts at the working directory.</summary>
    [Required]
    public string JobQueue { get; set; } = "Data Source=jobs.db";
}
