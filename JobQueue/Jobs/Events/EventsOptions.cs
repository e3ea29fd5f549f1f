using System.ComponentModel.DataAnnotations;

namespace JobQueue.Jobs.Events;

/// <summary>Section <c>Events</c>: those who follow <c>/events</c>.</summary>
public sealed class EventsOptions
{
    public const string Section = "Events";

    /// <summary>Streams open at once in this process.</summary>
    [Range(1, 1_000_000)]
    public int MaxStreams { get; set; } = 2_000;

    /// <summary>Streams open at once with one token.</summary>
    [Range(1, 1_000_000)]
    public int MaxStreamsPerToken { get; set; } = 200;

    /// <summary>Memory for events that followers who were cut off come back for, in megabytes of 1,048,576 bytes, shared evenly by the tenants followed.</summary>
    [Range(1, 65_536)]
    public int ResumeMegabytes { get; set; } = 64;

    /// <summary>When followers come back to a server that stopped, in seconds: longer than a restart takes.</summary>
    [Range(1, 3_600)]
    public int RestartSeconds { get; set; } = 10;
}
