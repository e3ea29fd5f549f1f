using System.ComponentModel;
using System.Text.Json.Serialization;
using JobQueue.Api.Jobs;
using JobQueue.Api.Json;
using JobQueue.Api.OpenApi;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;

namespace JobQueue.Api.Events;

/// <summary>What happened to a job, as the stream tells it. What a kind of event does not have is left out.</summary>
internal sealed record EventResponse
{
    [Description("The event's name, for clients that are given the data alone. Leave alone what you do not know: there may be more.")]
    [Vocabulary(VocabularyAttribute.EventName)]
    public required string Event { get; init; }

    [Description("The job's.")]
    public required JobId Id { get; init; }

    [Description("The job's status after the event.")]
    public required JobStatus Status { get; init; }

    public required DateTimeOffset Time { get; init; }
    public required string Tenant { get; init; }
    public required string Queue { get; init; }
    public required string Type { get; init; }

    [Description("Attempts begun so far.")]
    public required int Attempt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Worker { get; init; }

    [Description("Why the job failed for good.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FailReason? Reason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorResponse? Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProgressResponse? Progress { get; init; }

    [Description("With retry_scheduled: not before this time.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RunAt { get; init; }

    public static EventResponse From(JobEvent committed) => new()
    {
        Event = EventNames.Of(committed.Kind),
        Id = committed.JobId,
        Status = committed.Status,
        Time = committed.At,
        Tenant = committed.Tenant,
        Queue = committed.Queue,
        Type = committed.Type,
        Attempt = committed.Attempt,
        Worker = committed.Worker,
        Reason = committed.Reason,
        Error = ErrorResponse.From(committed.Error),
        Progress = committed.Progress is { } progress ? new ProgressResponse(progress.Percent, progress.Message) : null,
        RunAt = committed.RunAt,
    };
}

[Description("Events before this one were missed: read anew what matters to you, then go on.")]
internal sealed record ResetResponse([property: Vocabulary(VocabularyAttribute.ResetName)] string Event, DateTimeOffset Time);

/// <summary>The names that the stream's events have.</summary>
internal static class EventNames
{
    public const string Reset = "reset";

    public static IReadOnlyList<string> OfJobs { get; } = [.. Enum.GetValues<JobEventKind>().Where(kind => kind.IsAboutJob()).Select(Of)];

    public static string Of(JobEventKind kind) => Words<JobEventKind>.Of(kind);
}
