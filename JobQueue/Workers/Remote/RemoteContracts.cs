using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Workers.Remote;

/// <summary>The answer to <c>POST /leases</c>, as far as a worker needs it.</summary>
internal sealed record LeasesAnswer(IReadOnlyList<LeaseAnswer> Items);

internal sealed record LeaseAnswer(string LeaseToken, DateTimeOffset LeaseExpiresAt, int Attempt, JobAnswer Job)
{
    public LeasedJob ToLeasedJob() => Jobs.Leases.LeaseToken.TryParse(LeaseToken, out var token)
        ? new LeasedJob(token, LeaseExpiresAt, Job.ToJob(Attempt, LeaseExpiresAt))
        : throw new JsonException($"'{LeaseToken}' is no lease token.");
}

/// <summary>A job as the API answers it.</summary>
internal sealed record JobAnswer
{
    public required Guid Id { get; init; }
    public required string Tenant { get; init; }
    public required string Queue { get; init; }
    public required string Type { get; init; }
    public required JsonElement Payload { get; init; }
    public required int TimeoutSeconds { get; init; }
    public required string TraceId { get; init; }
    public required string SubmittedBy { get; init; }
    public required DateTimeOffset RunAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public string? IdempotencyKey { get; init; }
    public string? Worker { get; init; }
    public int Priority { get; init; }
    public int Retries { get; init; }
    public int MaxRetries { get; init; }
    public int Crashes { get; init; }
    public bool CancelRequested { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The tenant's number stays the server's secret: here its name is enough.</summary>
    public Job ToJob(int attempt, DateTimeOffset leaseExpiresAt) => new()
    {
        Id = new JobId(Id),
        TenantId = default,
        Tenant = Tenant,
        Queue = Queue,
        Type = Type,
        Status = JobStatus.Running,
        Priority = Priority,
        Payload = JsonMarshal.GetRawUtf8Value(Payload).ToArray(),
        IdempotencyKey = IdempotencyKey,
        Retries = Retries,
        MaxRetries = MaxRetries,
        Crashes = Crashes,
        Attempts = attempt,
        TimeoutSeconds = TimeoutSeconds,
        RunAt = RunAt,
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        Worker = Worker,
        LeaseExpiresAt = leaseExpiresAt,
        CancelRequested = CancelRequested,
        Tags = Tags,
        Trace = new TraceParent(ActivityTraceId.CreateFromString(TraceId), default),
        SubmittedBy = SubmittedBy,
    };
}

internal sealed record HeartbeatAnswer(DateTimeOffset LeaseExpiresAt, bool CancelRequested);

/// <summary>The answer to <c>POST /leases/settle</c>, as far as a worker needs it.</summary>
internal sealed record EndsAnswer(IReadOnlyList<EndAnswer> Items);

/// <param name="Code">Why nothing was done; <see langword="null"/> when it was.</param>
internal sealed record EndAnswer(string? Code = null, string? Detail = null);

internal sealed record ProblemAnswer(string? Detail, IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors = null)
{
    /// <summary>What is wrong, field by field, after what is wrong in all.</summary>
    public string? Sentence => Detail is null
        ? null
        : string.Join(' ', [Detail, .. (Errors ?? new Dictionary<string, IReadOnlyList<string>>()).Select(wrong => $"{wrong.Key}: {string.Join("; ", wrong.Value)}")]);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectRequiredConstructorParameters = true,
    MaxDepth = MaxDepth)]
[JsonSerializable(typeof(LeasesAnswer))]
[JsonSerializable(typeof(HeartbeatAnswer))]
[JsonSerializable(typeof(EndsAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
internal sealed partial class RemoteJson : JsonSerializerContext
{
    /// <summary>A payload lies some levels deep inside an answer.</summary>
    private const int MaxDepth = SubmissionRules.MaxDepth + 16;
}
