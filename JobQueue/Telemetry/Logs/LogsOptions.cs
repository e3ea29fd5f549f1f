using System.ComponentModel.DataAnnotations;

namespace JobQueue.Telemetry.Logs;

/// <summary>Section <c>Logs</c>: the log files. What is logged at all stands in the framework's section <c>Logging</c>.</summary>
public sealed class LogsOptions
{
    public const string Section = "Logs";

    /// <summary>Where the files lie. A relative path starts at the working directory.</summary>
    [Required]
    public string Directory { get; set; } = "logs";

    /// <summary>A file that has grown to this size is followed by a new one; in megabytes.</summary>
    [Range(1, 10_240)]
    public int MaxFileMegabytes { get; set; } = 256;
}
