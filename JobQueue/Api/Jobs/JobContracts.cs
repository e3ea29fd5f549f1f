using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;

namespace JobQueue.Api.Jobs;

/// <summary>A job to submit.</summary>
/// <remarks>The shape for the description alone: <see cref="SubmissionReader"/> reads the bytes.</remarks>
internal sealed record SubmitRequest
{
    [Description("Any JSON value, nested at most 64 levels deep. It is kept as the text that was sent. What a type takes is told at `/types`, and here by the schema named after the type.")]
    public required RawJson Payload { get; init; }

    [Description("Which handler runs it. A type that nobody handles yet is accepted and waits.")]
    [DefaultValue(Submission.DefaultType), RegularExpression(Names.Pattern)]
    public string? Type { get; init; }

    [DefaultValue(Submission.DefaultQueue), RegularExpression(Names.Pattern)]
    public string? Queue { get; init; }

    [Description("Makes the submission safe to repeat: printable ASCII, unique in the tenant. Also accepted as the header Idempotency-Key.")]
    [StringLength(SubmissionRules.MaxKeyLength, MinimumLength = 1)]
    public string? IdempotencyKey { get; init; }

    [Description("Higher first.")]
    [DefaultValue(0), Range(SubmissionRules.MinPriority, SubmissionRules.MaxPriority)]
    public int? Priority { get; init; }

    [Description("Not before this time; the past is now. Not together with delay_seconds.")]
    public DateTimeOffset? RunAt { get; init; }

    [Description("Not before so many seconds from now. Not together with run_at.")]
    [Range(0, double.MaxValue)]
    public double? DelaySeconds { get; init; }

    [Description("How often a failed attempt is tried again; the server's Retries:MaxRetries by default.")]
    [Range(0, SubmissionRules.MaxRetries)]
    public int? MaxRetries { get; init; }

    [Description("How long one attempt may take.")]
    [DefaultValue(Submission.DefaultTimeoutSeconds), Range(1, SubmissionRules.MaxTimeoutSeconds)]
    public int? TimeoutSeconds { get; init; }

    [Description("1 to 50 characters each.")]
    [MaxLength(SubmissionRules.MaxTags)]
    public IReadOnlyList<string>? Tags { get; init; }

    [Description("Whom to tell of the end: a job of type http.request in the queue callbacks posts it.")]
    public CallbackRequest? Callback { get; init; }
}

internal sealed record CallbackRequest
{
    [Description("Where to post to, http or https.")]
    [StringLength(HttpCallRules.MaxUrlLength, MinimumLength = 1)]
    public required string Url { get; init; }

    [Description("Which ends are told. Default: `ended`.")]
    public CallbackOn? On { get; init; }
}

internal sealed record BatchRequest
{
    [MinLength(1), MaxLength(SubmissionReader.MaxBatch)]
    public required IReadOnlyList<SubmitRequest> Jobs { get; init; }
}

/// <summary>A job.</summary>
internal sealed record JobResponse
{
    public required JobId Id { get; init; }
    public required string Tenant { get; init; }
    public required string Queue { get; init; }
    public required string Type { get; init; }
    public required JobStatus Status { get; init; }

    [Description("Why a failed job failed. The first three stand in the dead letter queue.")]
    public FailReason? Reason { get; init; }

    [Description("What a pending job waits for.")]
    public WaitingFor? WaitingFor { get; init; }

    public required int Priority { get; init; }

    [Description("As it was sent.")]
    public required RawJson Payload { get; init; }

    [Description("The payload first submitted, when it was edited since.")]
    public RawJson? OriginalPayload { get; init; }

    public RawJson? Result { get; init; }

    [Description("The last failed attempt's, while the job waits for a retry or is failed.")]
    public ErrorResponse? Error { get; init; }

    public string? IdempotencyKey { get; init; }
    public required int Retries { get; init; }
    public required int MaxRetries { get; init; }

    [Description("How often the process that ran it died.")]
    public required int Crashes { get; init; }

    public required int TimeoutSeconds { get; init; }
    public required DateTimeOffset RunAt { get; init; }

    [Description("The moment of acceptance.")]
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? Worker { get; init; }
    public DateTimeOffset? LeaseExpiresAt { get; init; }
    public required bool CancelRequested { get; init; }
    public ProgressResponse? Progress { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }

    [Description("The trace of the submitting request (W3C Trace Context), or one of the job's own.")]
    public required string TraceId { get; init; }

    [Description("user:…, token:…, schedule:… or callback:….")]
    public required string SubmittedBy { get; init; }

    public required bool DeadLettered { get; init; }

    [Description("Whom its end is told.")]
    public CallbackResponse? Callback { get; init; }

    [Description("Only in what a callback posts: true where the result is longer than 64 KB and was left out.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ResultTruncated { get; init; }

    [Description("Only in the answer to a batch: true for a member whose key was used before.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Replayed { get; init; }

    public static JobResponse From(Job job) => new()
    {
        Id = job.Id,
        Tenant = job.Tenant,
        Queue = job.Queue,
        Type = job.Type,
        Status = job.Status,
        Reason = job.Reason,
        WaitingFor = job.WaitingFor,
        Priority = job.Priority,
        Payload = new RawJson(job.Payload),
        OriginalPayload = RawJson.From(job.OriginalPayload),
        Result = RawJson.From(job.Result),
        Error = ErrorResponse.From(job.Error),
        IdempotencyKey = job.IdempotencyKey,
        Retries = job.Retries,
        MaxRetries = job.MaxRetries,
        Crashes = job.Crashes,
        TimeoutSeconds = job.TimeoutSeconds,
        RunAt = job.RunAt,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        FinishedAt = job.FinishedAt,
        Worker = job.Worker,
        LeaseExpiresAt = job.LeaseExpiresAt,
        CancelRequested = job.CancelRequested,
        Progress = job.Progress is { } progress ? new ProgressResponse(progress.Percent, progress.Message) : null,
        Tags = job.Tags,
        TraceId = job.Trace.ToString(),
        SubmittedBy = job.SubmittedBy,
        DeadLettered = job.DeadLettered,
        Callback = job.Callback is { } callback ? new CallbackResponse(callback.Url, callback.On) : null,
    };
}

/// <param name="On">Which ends are told.</param>
internal sealed record CallbackResponse(string Url, CallbackOn On);

/// <param name="Type">For programs: an exception's name, or <c>timeout</c>.</param>
internal sealed record ErrorResponse(string Message, string? Type)
{
    public static ErrorResponse? From(JobError? error) => error is null ? null : new(error.Message, error.Type);
}

/// <param name="Percent">0 to 100, or null when unknown.</param>
internal sealed record ProgressResponse(double? Percent, string? Message);

internal sealed record BatchResponse(IReadOnlyList<JobResponse> Items);

/// <summary>The same in JSON, read while it is written.</summary>
internal sealed record BatchStreamResponse(IAsyncEnumerable<JobResponse> Items);

internal sealed record AttemptResponse(
    int Number, string? Worker, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, AttemptOutcome? Outcome, ErrorResponse? Error)
{
    public static AttemptResponse From(JobAttempt attempt) => new(
        attempt.Number,
        attempt.Worker,
        attempt.StartedAt,
        attempt.FinishedAt,
        attempt.Outcome,
        ErrorResponse.From(attempt.Error));
}

internal sealed record LogLineResponse(DateTimeOffset At, int Attempt, string Message)
{
    public static LogLineResponse From(JobLogLine line) => new(line.At, line.Attempt, line.Message);
}
