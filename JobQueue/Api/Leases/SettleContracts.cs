using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Leases;

internal sealed record SettleRequest
{
    [Description("The ends, each of another lease; none when only jobs are asked for.")]
    [MaxLength(SettleReader.MaxItems)]
    public required IReadOnlyList<SettleItemRequest> Items { get; init; }

    [Description("The jobs to get next. The ends are committed at once, however long this waits.")]
    public LeaseWishRequest? Lease { get; init; }
}

/// <summary>The end of one attempt: exactly one of ack, fail and release.</summary>
internal sealed record SettleItemRequest
{
    [Description("Of the attempt.")]
    public required string LeaseToken { get; init; }

    [Description("The job is done.")]
    public AckRequest? Ack { get; init; }

    [Description("The attempt has failed.")]
    public FailRequest? Fail { get; init; }

    [Description("The job is handed back, nothing is counted.")]
    public ReleaseRequest? Release { get; init; }
}

/// <summary>An object without fields.</summary>
internal sealed record ReleaseRequest;

/// <param name="Items">In the order of the request.</param>
/// <param name="Leases">Absent when none were asked for; empty when there was no job, or while the server stops or is overloaded.</param>
internal sealed record SettleResponse(
    IReadOnlyList<SettledItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LeaseResponse>? Leases);

/// <param name="JobId">Absent when the lease is lost.</param>
/// <param name="Status">The job's now; absent when nothing was done.</param>
/// <param name="Code">Why nothing was done: lease-lost, or invalid-result for a result that cannot be stored, whose lease lives on.</param>
/// <param name="Detail">What is wrong with the result.</param>
internal sealed record SettledItemResponse(
    string LeaseToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JobId? JobId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JobStatus? Status = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);
