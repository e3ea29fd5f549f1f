using JobQueue.Api.Jobs;
using JobQueue.Api.Json;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Api.Problems;

/// <summary>
/// Why a call was not done: the one shape of every error (RFC 9457), and the one place that says them. <see cref="Code"/> is
/// for programs and never changes; titles and details are for people.
/// </summary>
internal sealed record Problem(int Status, string Code, string Title, string Detail) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>Streams end when their clients choose: nobody knows when.</summary>
    private static readonly TimeSpan WhenStreamsEnd = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with which field, by the field's name in JSON.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>The job an idempotency key belongs to.</summary>
    public JobId? JobId { get; init; }

    /// <summary>Which member of a batch was refused, from 0.</summary>
    public int? Index { get; init; }

    /// <summary>The job as it is now.</summary>
    public JobResponse? Job { get; init; }

    /// <summary>When to come again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The limits that refused the call.</summary>
    public TenantUsage? Usage { get; init; }

    public static Problem Malformed(string detail) =>
        new(StatusCodes.Status400BadRequest, "malformed-body", "The body cannot be read", detail);

    public static Problem Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> errors) =>
        new(
            StatusCodes.Status400BadRequest,
            "invalid-fields",
            "The request is not valid",
            $"Wrong or missing: {string.Join(", ", errors.Keys.Take(10))}. Nothing was changed.")
        { Errors = errors };

    public static Problem UnknownHost(string host) =>
        new(
            StatusCodes.Status400BadRequest,
            "unknown-host",
            "Unknown host",
            $"This demo answers to localhost, 127.0.0.1 and [::1], not to {Shorten(host)}.");

    public static Problem Invalid(string field, string message) =>
        Invalid(new Dictionary<string, IReadOnlyList<string>> { [field] = [message] });

    public static Problem InvalidCursor(string detail) =>
        new(StatusCodes.Status400BadRequest, "invalid-cursor", "The cursor is not valid", detail)
        { Errors = new Dictionary<string, IReadOnlyList<string>> { ["cursor"] = [detail] } };

    public static Problem Unauthorized(bool tokenGiven) => tokenGiven
        ? new(
            StatusCodes.Status401Unauthorized,
            "token-invalid",
            "The token is not valid",
            "The token is unknown, revoked or expired, or the Authorization header is not of the form 'Bearer <token>'.")
        : new(
            StatusCodes.Status401Unauthorized,
            "token-missing",
            "A token is needed",
            "Send an API token in the header 'Authorization: Bearer <token>'.");

    public static Problem ScopeMissing(params IEnumerable<string> scopes) =>
        new(
            StatusCodes.Status403Forbidden,
            "scope-missing",
            "The token does not allow this",
            $"This call needs the scope {string.Join(", ", scopes)}, which the token does not have.");

    public static Problem NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "not-found", "Not found", what);

    public static Problem JobNotFound(string id) => NotFound($"There is no job with the id '{Shorten(id)}'.");

    public static Problem WrongState(string detail) =>
        Conflict("wrong-state", "The job is not in a state that allows this", detail);

    public static Problem Conflict(string code, string title, string detail) =>
        new(StatusCodes.Status409Conflict, code, title, detail);

    /// <param name="job">The job as it is now, where the caller may see it.</param>
    public static Problem LeaseLost(Job? job) =>
        new(
            StatusCodes.Status409Conflict,
            "lease-lost",
            "The lease is not yours any more",
            "The lease has run out, was settled, or never was. Nothing was changed."
            + (job is null ? "" : $" The job is {Words<JobStatus>.Of(job.Status)}."))
        { Job = job is null ? null : JobResponse.From(job) };

    public static Problem BodyTooLarge(int megabytes) =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            "body-too-large",
            "The body is too large",
            $"A request body has at most {megabytes} MB (Jobs:MaxBodyMegabytes).");

    public static Problem PayloadTooLarge(IReadOnlyDictionary<string, IReadOnlyList<string>> errors) =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            "payload-too-large",
            "The payload is too large",
            "Keep large data elsewhere and send a reference to it, or raise Jobs:MaxPayloadKilobytes.")
        { Errors = errors };

    public static Problem UnsupportedMediaType(string? contentType) =>
        new(
            StatusCodes.Status415UnsupportedMediaType,
            "unsupported-media-type",
            "The body must be JSON",
            $"Send JSON as 'Content-Type: application/json', in UTF-8; this was {(string.IsNullOrEmpty(contentType) ? "nothing" : $"'{Shorten(contentType)}'")}.");

    public static Problem KeyReused(JobId id, int? index = null) =>
        new(
            StatusCodes.Status422UnprocessableEntity,
            "idempotency-key-reused",
            "The idempotency key belongs to another request",
            $"The key was used before, with different content, for the job {id}. Take a new key for a new request.")
        { JobId = id, Index = index };

    public static Problem OverLimit(RefusalReason reason, TenantUsage usage) => reason switch
    {
        RefusalReason.Rate => new(
            StatusCodes.Status429TooManyRequests,
            "rate-limit-exceeded",
            "Too many new jobs",
            $"The tenant may submit {usage.Limits.MaxNewPerMinute} new jobs in any 60 seconds.")
        { RetryAfter = usage.NextAcceptance, Usage = usage },
        RefusalReason.BatchLargerThanRate => BatchLargerThanLimit(
            usage,
            $"The tenant may submit {usage.Limits.MaxNewPerMinute} new jobs in any 60 seconds",
            $"must bring at most {usage.Limits.MaxNewPerMinute} new jobs, the tenant's limit for 60 seconds."),
        RefusalReason.BatchLargerThanBacklog => BatchLargerThanLimit(
            usage,
            $"The tenant may have {usage.Limits.MaxPending} jobs waiting",
            $"must bring at most {usage.Limits.MaxPending} new jobs, as many as the tenant may have waiting."),
        RefusalReason.LimitIsZero => new(
            StatusCodes.Status400BadRequest,
            "limit-is-zero",
            "The tenant may submit no jobs",
            $"The tenant's limit {(usage.Limits.MaxNewPerMinute == 0 ? "max_new_per_minute" : "max_pending")} is 0: waiting does not help, an administrator can raise it.")
        { Usage = usage },
        RefusalReason.Backlog => new(
            StatusCodes.Status429TooManyRequests,
            "backlog-full",
            "Too many jobs wait",
            $"The tenant may have {usage.Limits.MaxPending} jobs waiting, and {usage.Pending} wait.")
        { Usage = usage },
        RefusalReason.Lanes => new(
            StatusCodes.Status429TooManyRequests,
            "too-many-lanes",
            "Too many combinations of queue and type",
            "Jobs of too many different combinations of queue and type wait. Use fewer queue names, or wait until some have run.")
        { Usage = usage },
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "unknown reason"),
    };

    private static Problem BatchLargerThanLimit(TenantUsage usage, string limit, string field) =>
        new(
            StatusCodes.Status400BadRequest,
            "batch-larger-than-limit",
            "The batch is larger than the limit",
            $"{limit}: waiting does not help, smaller batches do.")
        {
            Usage = usage,
            Errors = new Dictionary<string, IReadOnlyList<string>> { ["jobs"] = [field] },
        };

    public static Problem Overloaded(string detail = StoreOverloadedException.Advice) =>
        new(StatusCodes.Status503ServiceUnavailable, "overloaded", "The server is busy", detail)
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    public static Problem Unavailable(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "store-unavailable", "Nothing can be stored at the moment", detail)
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    /// <param name="most">With one token.</param>
    public static Problem TooManyStreams(int most) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "too-many-streams",
            "Too many streams",
            $"At most {most} streams are open at once with one token (Events:MaxStreamsPerToken). Close one first, or filter one by yourself.")
        { RetryAfter = WhenStreamsEnd };

    /// <param name="most">In the whole process.</param>
    public static Problem NoStreamLeft(int most) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "no-stream-left",
            "The server follows as many as it can",
            $"At most {most} streams are open at once (Events:MaxStreams).")
        { RetryAfter = WhenStreamsEnd };

    public static Problem Stopping(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "stopping", "The server is stopping", detail) { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Problem DiskFull(string detail) =>
        new(StatusCodes.Status507InsufficientStorage, "disk-full", "The disk is nearly full", detail);

    public static Problem Internal() =>
        new(
            StatusCodes.Status500InternalServerError,
            "internal-error",
            "Something went wrong here",
            "This is a fault of the server. Its log tells more under the trace id.");

    /// <summary>What a bare status code means, for answers that the framework gave without a body.</summary>
    public static Problem ForStatus(HttpContext context, int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthorized(context.Request.Headers.Authorization.Count > 0),
        StatusCodes.Status403Forbidden => ScopeMissing(Access.Bearer.ScopesOf(context.GetEndpoint())),
        StatusCodes.Status404NotFound => NotFound($"There is nothing at {Shorten(context.Request.Path.Value ?? "/")}."),
        StatusCodes.Status405MethodNotAllowed => new(
            status,
            "method-not-allowed",
            "Not with this method",
            $"{Shorten(context.Request.Path.Value ?? "/")} allows {string.Join(", ", context.Response.Headers.Allow.ToArray())}."),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType(context.Request.ContentType),
        StatusCodes.Status500InternalServerError => Internal(),
        _ => new(status, "refused", "The request was refused", "The server refused the request."),
    };

    public Task ExecuteAsync(HttpContext httpContext) => ProblemWriting.WriteAsync(httpContext, this);

    /// <summary>What a caller sent is not repeated at any length.</summary>
    internal static string Shorten(string text) => JobText.Cut(text, 100);
}
