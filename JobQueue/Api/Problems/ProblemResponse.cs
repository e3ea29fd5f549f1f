using System.ComponentModel;
using System.Text.Json.Serialization;
using JobQueue.Api.OpenApi;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Problems;

/// <summary>A problem as it is sent.</summary>
internal sealed record ProblemResponse
{
    [Description("Names the kind of problem; it is a name, not an address.")]
    public required string Type { get; init; }

    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    [Description("Names the request in the server's log, which tells of a fault of the server; of a refusal at level Debug only.")]
    public required string TraceId { get; init; }

    [Description("For programs: never changes.")]
    [Vocabulary(VocabularyAttribute.ProblemCode)]
    public required string Code { get; init; }

    [Description("What is wrong with which field, by its name in the request.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    [Description("The job an idempotency key belongs to.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobId? JobId { get; init; }

    [Description("Which member of a batch was refused, from 0.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Index { get; init; }

    [Description("The job as it is now.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProblemJobResponse? Job { get; init; }
}
