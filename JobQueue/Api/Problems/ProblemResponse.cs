using System.Text.Json.Serialization;
using JobQueue.Api.Jobs;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Problems;

/// <summary>A problem as it is sent.</summary>
internal sealed record ProblemResponse
{
    /// <summary>Names the kind of problem; it is a name, not an address.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    /// <summary>Finds the request in the server's log.</summary>
    public required string TraceId { get; init; }

    /// <summary>For programs: never changes.</summary>
    public required string Code { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobId? JobId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Index { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobResponse? Job { get; init; }
}
