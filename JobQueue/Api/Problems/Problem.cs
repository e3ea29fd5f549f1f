using JobQueue.Api.Json;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Api.Problems;

/// <summary>
/// Why a call was not done: the one shape of every error (RFC 9457), and the one place that says them.
/// </summary>
internal sealed record Problem(ProblemKind Kind, string Detail) : IResult
{
    public const string ContentType = "application/problem+json";
    private const string Realm = Access.Bearer.Scheme + " realm=\"jobqueue\"";

    /// <summary>Streams end when their clients choose: nobody knows when.</summary>
    private static readonly TimeSpan WhenStreamsEnd = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with which field, by the field's name in JSON.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>The job an idempotency key belongs to.</summary>
    public JobId? JobId { get; init; }

    /// <summary>Which member of a batch was refused, from 0.</summary>
    public int? Index { get; init; }

    /// <summary>The job as it is now, in short.</summary>
    public ProblemJobResponse? Job { get; init; }

    /// <summary>What a caller without the right token is to bring (RFC 6750).</summary>
    public string? Challenge { get; init; }

    /// <summary>The codings in which a body may come (RFC 9110, 12.5.3).</summary>
    public string? AcceptEncoding { get; init; }

    /// <summary>When to come again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The limits that refused the call.</summary>
    public TenantUsage? Usage { get; init; }

    public static Problem Malformed(string detail) =>
        new(ProblemKind.MalformedBody, detail);

    public static Problem Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> errors) =>
        new(
            ProblemKind.InvalidFields,
            $"Wrong or missing: {string.Join(", ", errors.Keys.Take(10))}. Nothing was changed.")
        { Errors = errors };

    public static Problem UnknownHost(string host) =>
        new(
            ProblemKind.UnknownHost,
            $"This demo answers to localhost, 127.0.0.1 and [::1], not to {Shorten(host)}.");

    public static Problem Invalid(string field, string message) =>
        Invalid(new Dictionary<string, IReadOnlyList<string>> { [field] = [message] });

    public static Problem InvalidCursor(string detail) =>
        new(ProblemKind.InvalidCursor, detail)
        { Errors = new Dictionary<string, IReadOnlyList<string>> { ["cursor"] = [detail] } };

    public static Problem Unauthorized(bool tokenGiven) => tokenGiven
        ? new(
            ProblemKind.TokenInvalid,
            "The token is unknown, revoked or expired, or the Authorization header is not of the form 'Bearer <token>'.")
        { Challenge = $"{Realm}, error=\"invalid_token\"" }
        : new(
            ProblemKind.TokenMissing,
            "Send an API token in the header 'Authorization: Bearer <token>'.")
        { Challenge = Realm };

    public static Problem ScopeMissing(params IEnumerable<string> scopes) =>
        new(
            ProblemKind.ScopeMissing,
            $"This call needs the scope {string.Join(", ", scopes)}, which the token does not have.")
        { Challenge = $"{Realm}, error=\"insufficient_scope\", scope=\"{string.Join(' ', scopes)}\"" };

    public static Problem NotFound(string what) =>
        new(ProblemKind.NotFound, what);

    public static Problem JobNotFound(string id) => NotFound($"There is no job with the id '{Shorten(id)}'.");

    public static Problem TenantNotFound(string name) => NotFound($"There is no tenant '{Shorten(name)}'.");

    public static Problem WrongState(Job job, string detail) =>
        new(ProblemKind.WrongState, detail) { Job = ProblemJobResponse.From(job) };

    /// <param name="job">The job as it is now, where the caller may see it.</param>
    public static Problem LeaseLost(Job? job) =>
        new(
            ProblemKind.LeaseLost,
            "The lease has run out, was settled, or never was. Nothing was changed."
            + (job is null ? "" : $" The job is {Words<JobStatus>.Of(job.Status)}."))
        { Job = job is null ? null : ProblemJobResponse.From(job) };

    public static Problem TooManySecrets(string tenant) =>
        new(ProblemKind.TooManySecrets, $"The tenant {tenant} signs with two secrets already, as many as can be. Delete the older one first.");

    public static Problem BodyTooLarge(int megabytes) =>
        new(
            ProblemKind.BodyTooLarge,
            $"A request body has at most {megabytes} MB (Jobs:MaxBodyMegabytes).");

    public static Problem PayloadTooLarge(IReadOnlyDictionary<string, IReadOnlyList<string>> errors) =>
        new(
            ProblemKind.PayloadTooLarge,
            "Keep large data elsewhere and send a reference to it, or raise Jobs:MaxPayloadKilobytes.")
        { Errors = errors };

    public static Problem UnsupportedMediaType(string? contentType) =>
        new(
            ProblemKind.UnsupportedMediaType,
            $"Send JSON as 'Content-Type: application/json', in UTF-8; this was {(string.IsNullOrEmpty(contentType) ? "nothing" : $"'{Shorten(contentType)}'")}.");

    /// <param name="coding">What the header said.</param>
    /// <param name="taken">What it may say.</param>
    public static Problem UnsupportedCoding(string coding, string taken) =>
        new(
            ProblemKind.UnsupportedCoding,
            $"A body comes as it is, or with one 'Content-Encoding' of {taken}; this was '{Shorten(coding)}'.")
        { AcceptEncoding = taken };

    public static Problem KeyReused(JobId id, int? index = null) =>
        new(
            ProblemKind.KeyReused,
            $"The key was used before, with different content, for the job {id}. Take a new key for a new request.")
        { JobId = id, Index = index };

    public static Problem OverLimit(RefusalReason reason, TenantUsage usage) => reason switch
    {
        RefusalReason.Rate => new(
            ProblemKind.RateLimitExceeded,
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
            ProblemKind.LimitIsZero,
            $"The tenant's limit {(usage.Limits.MaxNewPerMinute == 0 ? "max_new_per_minute" : "max_pending")} is 0: waiting does not help, an administrator can raise it.")
        { Usage = usage },
        RefusalReason.Backlog => new(
            ProblemKind.BacklogFull,
            $"The tenant may have {usage.Limits.MaxPending} jobs waiting, and {usage.Pending} wait.")
        { Usage = usage },
        RefusalReason.Lanes => new(
            ProblemKind.TooManyLanes,
            "Jobs of too many different combinations of queue and type wait. Use fewer queue names, or wait until some have run.")
        { Usage = usage },
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "unknown reason"),
    };

    private static Problem BatchLargerThanLimit(TenantUsage usage, string limit, string field) =>
        new(
            ProblemKind.BatchLargerThanLimit,
            $"{limit}: waiting does not help, smaller batches do.")
        {
            Usage = usage,
            Errors = new Dictionary<string, IReadOnlyList<string>> { ["jobs"] = [field] },
        };

    public static Problem Overloaded(string detail = StoreOverloadedException.Advice) =>
        new(ProblemKind.Overloaded, detail)
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    public static Problem Unavailable(string detail) =>
        new(ProblemKind.StoreUnavailable, detail)
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    /// <param name="most">With one token.</param>
    public static Problem TooManyStreams(int most) =>
        new(
            ProblemKind.TooManyStreams,
            $"At most {most} streams are open at once with one token (Events:MaxStreamsPerToken). Close one first, or filter one by yourself.")
        { RetryAfter = WhenStreamsEnd };

    /// <param name="most">In the whole process.</param>
    public static Problem NoStreamLeft(int most) =>
        new(
            ProblemKind.NoStreamLeft,
            $"At most {most} streams are open at once (Events:MaxStreams).")
        { RetryAfter = WhenStreamsEnd };

    public static Problem Stopping(string detail) =>
        new(ProblemKind.Stopping, detail) { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Problem DiskFull(string detail) =>
        new(ProblemKind.DiskFull, detail);

    public static Problem Internal() =>
        new(
            ProblemKind.InternalError,
            "This is a fault of the server. Its log tells more under the trace id.");

    /// <summary>What a bare status code means, for answers that the framework gave without a body.</summary>
    public static Problem ForStatus(HttpContext context, int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthorized(context.Request.Headers.Authorization.Count > 0),
        StatusCodes.Status403Forbidden => ScopeMissing(Access.Bearer.ScopesOf(context.GetEndpoint())),
        StatusCodes.Status404NotFound => NotFound($"There is nothing at {Shorten(context.Request.Path.Value ?? "/")}."),
        StatusCodes.Status405MethodNotAllowed => new(
            ProblemKind.MethodNotAllowed,
            $"{Shorten(context.Request.Path.Value ?? "/")} allows {string.Join(", ", context.Response.Headers.Allow.ToArray())}."),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType(context.Request.ContentType),
        StatusCodes.Status500InternalServerError => Internal(),
        _ => new(ProblemKind.Refused with { Status = status }, "The server refused the request."),
    };

    public Task ExecuteAsync(HttpContext httpContext) => ProblemWriting.WriteAsync(httpContext, this);

    /// <summary>What a caller sent is not repeated at any length.</summary>
    internal static string Shorten(string text) => JobText.Cut(text, 100);
}
