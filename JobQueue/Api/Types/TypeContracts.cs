using System.ComponentModel;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Types;

/// <summary>A job type that somebody here runs.</summary>
internal sealed record TypeResponse
{
    public required string Type { get; init; }

    [Description("What it does; null for a type that this server does not run.")]
    public string? Description { get; init; }

    [Description("JSON Schema of the payload; null for a type that this server does not run.")]
    public RawJson? PayloadSchema { get; init; }

    [Description("A payload that works; null for a type that this server does not run.")]
    public RawJson? Example { get; init; }

    [Description("Workers present that take jobs of the type: the servers' own, and remote ones heard of in the last 60 seconds.")]
    public required int WorkersPresent { get; init; }
}
