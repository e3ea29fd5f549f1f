using System.ComponentModel.DataAnnotations;

namespace JobQueue.Workers;

/// <summary>Section <c>Workers</c>: the pool in this process.</summary>
public sealed class WorkersOptions
{
    public const string Section = "Workers";

    /// <summary>Jobs that run at once in this process; 0 for none.</summary>
    [Range(0, 1000)]
    public int Count { get; set; } = 16;

    /// <summary>How long a lease lives without a heartbeat, in seconds.</summary>
    [Range(5.0, 3600.0)]
    public double LeaseSeconds { get; set; } = 30;

    /// <summary>How long a stopping server lets running jobs finish before it hands them back, in seconds.</summary>
    [Range(0.0, 3600.0)]
    public double ShutdownGraceSeconds { get; set; } = 25;
}
