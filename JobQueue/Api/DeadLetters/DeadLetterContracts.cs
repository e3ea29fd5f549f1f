using System.ComponentModel;
using JobQueue.Api.Jobs;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Queries.DeadLetters;

namespace JobQueue.Api.DeadLetters;

/// <summary>An entry of the dead letter queue.</summary>
internal sealed record DeadLetterResponse
{
    public required JobId JobId { get; init; }
    public required string Tenant { get; init; }
    public required string Queue { get; init; }
    public required string Type { get; init; }
    public required FailReason Reason { get; init; }
    public required ErrorResponse Error { get; init; }

    [Description("Equal for failures of the same kind.")]
    public required string Fingerprint { get; init; }

    [Description("How often the job was tried.")]
    public required int Attempts { get; init; }

    public required DateTimeOffset DeadAt { get; init; }
    public required RawJson Payload { get; init; }

    public static DeadLetterResponse From(DeadLetter entry) => new()
    {
        JobId = entry.JobId,
        Tenant = entry.Tenant,
        Queue = entry.Queue,
        Type = entry.Type,
        Reason = entry.Reason,
        Error = new ErrorResponse(entry.Error.Message, entry.Error.Type),
        Fingerprint = entry.Fingerprint,
        Attempts = entry.Attempts,
        DeadAt = entry.DeadAt,
        Payload = new RawJson(entry.Payload),
    };
}

/// <summary>Failures of the same kind, together.</summary>
/// <param name="Type">The jobs' type.</param>
/// <param name="Message">The latest failure's.</param>
internal sealed record DeadLetterGroupResponse(
    string Fingerprint, string Tenant, string Type, string Message, int Count, DateTimeOffset FirstDeadAt, DateTimeOffset LastDeadAt)
{
    public static DeadLetterGroupResponse From(DeadLetterGroup group) => new(
        group.Fingerprint, group.Tenant, group.Type, group.Message, group.Count, group.FirstDeadAt, group.LastDeadAt);
}

internal sealed record RequeueRequest
{
    [Description("A mended payload; the first one stays readable. Absent: the job runs with the payload it has.")]
    public RawJson? Payload { get; init; }
}

/// <summary>Which dead letters a bulk command means: <c>all</c>, <c>job_ids</c>, or filters, of which all must hold.</summary>
internal sealed record BulkRequest
{
    [Description("Every entry in sight. Not together with anything but dry_run.")]
    public bool? All { get; init; }

    [Description("These entries, 1,000 at most. Not together with filters.")]
    public IReadOnlyList<JobId>? JobIds { get; init; }

    public string? Queue { get; init; }
    public string? Type { get; init; }
    public FailReason? Reason { get; init; }

    [Description("Text in id, type, error or idempotency key.")]
    public string? Q { get; init; }

    public string? Fingerprint { get; init; }
    public DateTimeOffset? DeadAfter { get; init; }
    public DateTimeOffset? DeadBefore { get; init; }

    [Description("Only count; change nothing.")]
    [DefaultValue(false)]
    public bool? DryRun { get; init; }
}

/// <param name="Matched">Entries that met the filter when the call began.</param>
/// <param name="Changed">How many of them were changed.</param>
internal sealed record BulkResponse(int Matched, int Changed);
