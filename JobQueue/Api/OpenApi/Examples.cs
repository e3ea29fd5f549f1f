using System.Text.Json;
using System.Text.Json.Nodes;
using JobQueue.Api.Administration;
using JobQueue.Api.DeadLetters;
using JobQueue.Api.Events;
using JobQueue.Api.Jobs;
using JobQueue.Api.Json;
using JobQueue.Api.Leases;
using JobQueue.Api.Problems;
using JobQueue.Api.Queues;
using JobQueue.Api.Tenants;
using JobQueue.Api.Types;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Explanations;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Api.OpenApi;

/// <summary>An example of everything the API takes and answers: real records, so that none can go stale.</summary>
internal static class Examples
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly JobId Id = JobId.Create(At.ToUnixTimeMilliseconds(), 0, 0x1234_5678_9ABC);
    private static readonly RawJson Payload = new("""{"to":"ada@example.com"}"""u8.ToArray());
    private static readonly ErrorResponse Error = new("The mail server refused the address.", "MailException");

    private static readonly JobResponse Job = new()
    {
        Id = Id,
        Tenant = "acme",
        Queue = "mail",
        Type = "send-mail",
        Status = JobStatus.Pending,
        WaitingFor = WaitingFor.Worker,
        Priority = 10,
        Payload = Payload,
        IdempotencyKey = "order-1017",
        Retries = 0,
        MaxRetries = 5,
        Crashes = 0,
        TimeoutSeconds = 300,
        RunAt = At,
        CreatedAt = At,
        CancelRequested = false,
        Tags = ["orders"],
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        SubmittedBy = "token:shop",
        DeadLettered = false,
        Callback = new CallbackResponse("https://shop.example.com/mail-sent", CallbackOn.Ended),
    };

    private static readonly LeaseToken Lease = new(Id, 0x0123_4567_89AB_CDEF);

    private static readonly JobResponse Running = Job with
    {
        Status = JobStatus.Running,
        WaitingFor = null,
        StartedAt = At,
        Worker = "mailer-1",
        LeaseExpiresAt = At.AddSeconds(30),
    };

    private static readonly QueueResponse Queue = new()
    {
        Name = "mail",
        Tenant = "acme",
        Paused = false,
        Pending = 12,
        Running = 5,
        Done = 4_017,
        Failed = 3,
        DeadLettered = 1,
        OldestReadySeconds = 2.5,
        DonePerMinute = 120,
        FailedPerMinute = 0,
    };

    private static readonly SubmitRequest Submit = new()
    {
        Payload = Payload,
        Type = Job.Type,
        Queue = Job.Queue,
        IdempotencyKey = Job.IdempotencyKey,
        Priority = Job.Priority,
        Tags = Job.Tags,
        Callback = new CallbackRequest { Url = Job.Callback!.Url },
    };

    private static readonly TenantUsage Usage = new(new TenantLimits(5, 10, 1_000), 5, 10, 12, TimeSpan.FromSeconds(7));

    private static readonly ProblemJobResponse Ended = new(Id, JobStatus.Done, null, CancelRequested: false);

    private static readonly object[] All =
    [
        Job,
        Queue,
        Submit,
        new BatchRequest { Jobs = [Submit] },
        new BatchResponse([Job]),
        new AttemptResponse(1, "in-process-1", At, At.AddSeconds(2), AttemptOutcome.Failed, Error),
        new LogLineResponse(At.AddSeconds(1), 1, "connected to the mail server"),
        new DeadLetterResponse
        {
            JobId = Id,
            Tenant = "acme",
            Queue = "mail",
            Type = "send-mail",
            Reason = FailReason.RetriesExhausted,
            Error = Error,
            Fingerprint = "5f0c2a9d41e7b386",
            Attempts = 6,
            DeadAt = At.AddHours(1),
            Payload = Payload,
        },
        new DeadLetterGroupResponse("5f0c2a9d41e7b386", "acme", "send-mail", Error.Message, 42, At, At.AddHours(1)),
        new ExplanationResponse(
            JobStatus.Pending,
            [new ExplanationReasonResponse(ExplanationCode.TenantConcurrencyReached, "Tenant acme has 5 of at most 5 jobs running.")],
            3,
            false,
            At.AddSeconds(40)),
        new LeaseWishRequest { Worker = "mailer-1", Types = ["send-mail"], Max = 10, WaitSeconds = 30 },
        new LeasesResponse([new LeaseResponse(Lease.ToString(), At.AddSeconds(30), 1, Running)]),
        new SettleRequest
        {
            Items = [new SettleItemRequest { LeaseToken = Lease.ToString(), Ack = new AckRequest { Result = Payload } }],
            Lease = new LeaseWishRequest { Worker = "mailer-1", Types = ["send-mail"], Max = 10, WaitSeconds = 30 },
        },
        new SettleResponse([new SettledItemResponse(Lease.ToString(), Id, JobStatus.Done)], []),
        new HeartbeatRequest { Progress = new ProgressRequest { Percent = 50, Message = "half of it" }, Log = "connected" },
        new HeartbeatResponse(At.AddSeconds(40), false),
        new AckRequest { Result = new RawJson("""{"sent":true}"""u8.ToArray()) },
        new FailRequest
        {
            Error = new FailErrorRequest { Message = Error.Message, Type = Error.Type },
            Retryable = true,
            RetryAfterSeconds = 60,
        },
        new EventResponse
        {
            Event = "started",
            Id = Id,
            Status = JobStatus.Running,
            Time = At.AddSeconds(1),
            Tenant = "acme",
            Queue = "mail",
            Type = "send-mail",
            Attempt = 1,
            Worker = "mailer-1",
        },
        new RequeueRequest { Payload = Payload },
        new BulkRequest { Type = "send-mail", Reason = FailReason.RetriesExhausted, DryRun = true },
        new BulkResponse(42, 0),
        new PauseRequest { Reason = "The mail server is being replaced.", Until = At.AddHours(2) },
        new TypeResponse
        {
            Type = "echo",
            Description = "Answers its payload.",
            PayloadSchema = new RawJson("{}"u8.ToArray()),
            Example = Payload,
            WorkersPresent = 1,
        },
        LimitsResponse.From(Usage),
        new StatsResponse
        {
            Pending = 12,
            Running = 5,
            Done = 4_017,
            Failed = 3,
            DeadLettered = 1,
            OldestReadySeconds = 2.5,
            DonePerMinute = 120,
            FailedPerMinute = 0,
            Queues = [Queue],
        },
        new TenantResponse("acme", 5, 10, null, At),
        new TenantRequest { MaxConcurrent = 20, MaxNewPerMinute = 600 },
        new SigningSecretResponse(Id.Value, At),
        new SigningSecretRequest { Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
        new NewSigningSecretResponse(Id.Value, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", At),
        new TokenRequest { Tenant = "acme", Name = "shop", Scopes = [Access.Scopes.JobsSubmit, Access.Scopes.JobsRead], ExpiresDays = 90 },
        new NewTokenResponse(Id.Value, "jq_4pXq3v0TtVb8S1yVnq9m6cQe2r7w5zKd1hLJfGuYxAo"),
        new TokenResponse(Id.Value, "acme", "shop", "jq_4pXq3", [Access.Scopes.JobsSubmit], "user:admin", At, At.AddDays(90), At.AddDays(1)),
        new UserResponse("ada", Access.Users.Roles.Operator, "acme", false, At),
        new NewUserRequest { Name = "ada", Password = "a long passphrase", Role = Access.Users.Roles.Operator, Tenant = "acme" },
        new UserRequest { Disabled = true },
        new AuditResponse(17, At, "user:operator", "job.cancel", "acme", Id.ToString(), null, "192.0.2.7"),
    ];

    private static readonly Dictionary<Type, JsonNode> ByType = All.ToDictionary(example => example.GetType(), Write);

    private static readonly Dictionary<ProblemKind, Problem> Problems = new Problem[]
    {
        Problem.Malformed("The body is not valid JSON."),
        Problem.Invalid("priority", "must be a whole number from -100 to 100."),
        Problem.InvalidCursor("The cursor is not one that this list gave out."),
        Problem.OverLimit(RefusalReason.BatchLargerThanRate, Usage),
        Problem.OverLimit(RefusalReason.LimitIsZero, Usage with { Limits = Usage.Limits with { MaxNewPerMinute = 0 } }),
        Problem.UnknownHost("jobs.example.com"),
        Problem.Unauthorized(tokenGiven: false),
        Problem.Unauthorized(tokenGiven: true),
        Problem.ScopeMissing(Access.Scopes.JobsManage),
        Problem.JobNotFound(Id.ToString()),
        new(ProblemKind.WrongState, "The job has already ended: there is nothing to cancel. It is done.") { Job = Ended },
        new(ProblemKind.LeaseLost, "The lease has run out, was settled, or never was. Nothing was changed. The job is done.") { Job = Ended },
        Problem.TooManySecrets("acme"),
        Problem.BodyTooLarge(16),
        Problem.PayloadTooLarge(new Dictionary<string, IReadOnlyList<string>> { ["payload"] = ["may have at most 512 KB, and has 600."] }),
        Problem.UnsupportedMediaType("text/plain"),
        Problem.KeyReused(Id),
        Problem.OverLimit(RefusalReason.Rate, Usage),
        Problem.OverLimit(RefusalReason.Backlog, Usage),
        Problem.OverLimit(RefusalReason.Lanes, Usage),
        Problem.TooManyStreams(200),
        Problem.Internal(),
        Problem.Overloaded(),
        Problem.Unavailable("Writes beside this one failed, and it with them. Nothing of it was stored: try again."),
        Problem.NoStreamLeft(2_000),
        Problem.Stopping("The server is stopping. Come again when it is back."),
        Problem.DiskFull("The disk has less than 256 MB left."),
    }.ToDictionary(problem => problem.Kind);

    /// <summary><see langword="null"/> for a type that the API neither takes nor answers.</summary>
    public static JsonNode? Of(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ListResponse<>))
            return new JsonObject { ["items"] = new JsonArray(Of(type.GenericTypeArguments[0])), ["next_cursor"] = null };
        return ByType.GetValueOrDefault(type)?.DeepClone();
    }

    public static JsonNode OfProblem(ProblemKind kind) =>
        Write((Problems.GetValueOrDefault(kind) ?? new Problem(kind, $"{kind.Title}.")).ToResponse(Job.TraceId));

    private static JsonNode Write(object example)
    {
        var node = JsonSerializer.SerializeToNode(example, example.GetType(), ApiJson.Instance)!;
        // Nobody sends fields they do not mean.
        if (example.GetType().Name.EndsWith("Request", StringComparison.Ordinal))
            RemoveNulls(node);
        return node;
    }

    private static void RemoveNulls(JsonNode? node)
    {
        foreach (var element in node as JsonArray ?? [])
            RemoveNulls(element);
        if (node is not JsonObject fields)
            return;
        foreach (var name in fields.Where(field => field.Value is null).Select(field => field.Key).ToList())
            fields.Remove(name);
        foreach (var (_, value) in fields)
            RemoveNulls(value);
    }
}
