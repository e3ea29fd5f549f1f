namespace JobQueue.Api.Problems;

/// <summary>
/// A kind of error, the one list of them. <paramref name="Code"/> is for programs and never changes; the title is for people.
/// </summary>
internal sealed record ProblemKind(int Status, string Code, string Title)
{
    private static readonly List<ProblemKind> Known = [];

    public static readonly ProblemKind MalformedRequest = Add(400, "malformed-request", "The request cannot be read");
    public static readonly ProblemKind MalformedBody = Add(400, "malformed-body", "The body cannot be read");
    public static readonly ProblemKind InvalidFields = Add(400, "invalid-fields", "The request is not valid");
    public static readonly ProblemKind InvalidCursor = Add(400, "invalid-cursor", "The cursor is not valid");
    public static readonly ProblemKind BatchLargerThanLimit = Add(400, "batch-larger-than-limit", "The batch is larger than the limit");
    public static readonly ProblemKind LimitIsZero = Add(400, "limit-is-zero", "The tenant may submit no jobs");
    public static readonly ProblemKind UnknownHost = Add(400, "unknown-host", "Unknown host");
    public static readonly ProblemKind TokenMissing = Add(401, "token-missing", "A token is needed");
    public static readonly ProblemKind TokenInvalid = Add(401, "token-invalid", "The token is not valid");
    public static readonly ProblemKind ScopeMissing = Add(403, "scope-missing", "The token does not allow this");
    public static readonly ProblemKind NotFound = Add(404, "not-found", "Not found");
    public static readonly ProblemKind MethodNotAllowed = Add(405, "method-not-allowed", "Not with this method");
    public static readonly ProblemKind RequestTimeout = Add(408, "request-timeout", "The request came too slowly");
    public static readonly ProblemKind WrongState = Add(409, "wrong-state", "The job is not in a state that allows this");
    public static readonly ProblemKind LeaseLost = Add(409, "lease-lost", "The lease is not yours any more");
    public static readonly ProblemKind NameTaken = Add(409, "name-taken", "The name is taken");
    public static readonly ProblemKind LastAdministrator = Add(409, "last-administrator", "Nobody would be left to administrate");
    public static readonly ProblemKind TooManySecrets = Add(409, "too-many-secrets", "The tenant has two signing secrets already");
    public static readonly ProblemKind BodyTooLarge = Add(413, "body-too-large", "The body is too large");
    public static readonly ProblemKind PayloadTooLarge = Add(413, "payload-too-large", "The payload is too large");
    public static readonly ProblemKind AddressTooLong = Add(414, "address-too-long", "The address is too long");
    public static readonly ProblemKind UnsupportedMediaType = Add(415, "unsupported-media-type", "The body must be JSON");
    public static readonly ProblemKind UnsupportedCoding = Add(415, "unsupported-content-encoding", "The body's coding is not known");
    public static readonly ProblemKind KeyReused = Add(422, "idempotency-key-reused", "The idempotency key belongs to another request");
    public static readonly ProblemKind RateLimitExceeded = Add(429, "rate-limit-exceeded", "Too many new jobs");
    public static readonly ProblemKind BacklogFull = Add(429, "backlog-full", "Too many jobs wait");
    public static readonly ProblemKind TooManyLanes = Add(429, "too-many-lanes", "Too many combinations of queue and type");
    public static readonly ProblemKind TooManyStreams = Add(429, "too-many-streams", "Too many streams");
    public static readonly ProblemKind HeadersTooLarge = Add(431, "headers-too-large", "The headers are too large");
    public static readonly ProblemKind InternalError = Add(500, "internal-error", "Something went wrong here");
    public static readonly ProblemKind Overloaded = Add(503, "overloaded", "The server is busy");
    public static readonly ProblemKind StoreUnavailable = Add(503, "store-unavailable", "Nothing can be stored at the moment");
    public static readonly ProblemKind NoStreamLeft = Add(503, "no-stream-left", "The server follows as many as it can");
    public static readonly ProblemKind Stopping = Add(503, "stopping", "The server is stopping");
    public static readonly ProblemKind DiskFull = Add(507, "disk-full", "The disk is nearly full");

    /// <summary>What the framework refuses for a reason of its own, with the status it chose.</summary>
    public static readonly ProblemKind Refused = Add(400, "refused", "The request was refused");

    public static IReadOnlyList<ProblemKind> All => Known;

    private static ProblemKind Add(int status, string code, string title)
    {
        var kind = new ProblemKind(status, code, title);
        Known.Add(kind);
        return kind;
    }
}
