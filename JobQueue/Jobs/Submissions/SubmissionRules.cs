using System.Text.Json;

namespace JobQueue.Jobs.Submissions;

/// <summary>
/// What a submission's fields may hold, for everyone who takes one: API, pages, schedules. Pure; each check answers a sentence
/// for the person who filled the field in, or <see langword="null"/> when all is well.
/// </summary>
public static class SubmissionRules
{
    public const int MaxNameLength = 100;
    public const int MinPriority = -100;
    public const int MaxPriority = 100;
    public const int MaxRetries = 100;
    public const int MaxTimeoutSeconds = 86_400;
    public const int MaxTags = 10;
    public const int MaxTagLength = 50;
    public const int MaxKeyLength = 255;

    /// <summary>Levels of arrays and objects inside a payload or a result.</summary>
    public const int MaxDepth = 64;

    /// <summary>The farthest a job can be put off, in seconds: 100 years.</summary>
    public const double MaxDelaySeconds = 36_525 * 86_400.0;

    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(MaxDelaySeconds);

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = MaxDepth };

    public static string? TypeError(string type) => NameError("type", type);

    public static string? QueueError(string queue) => NameError("queue", queue);

    public static string? PriorityError(int priority) =>
        priority is >= MinPriority and <= MaxPriority ? null : $"The priority must be between {MinPriority} and {MaxPriority}.";

    public static string? MaxRetriesError(int retries) =>
        retries is >= 0 and <= MaxRetries ? null : $"The number of retries must be between 0 and {MaxRetries}.";

    public static string? TimeoutError(int seconds) =>
        seconds is >= 1 and <= MaxTimeoutSeconds ? null : $"The timeout must be between 1 and {MaxTimeoutSeconds} seconds.";

    public static string? TagsError(IReadOnlyList<string> tags) => tags switch
    {
        { Count: > MaxTags } => $"A job has at most {MaxTags} tags.",
        _ when tags.Any(tag => tag.Length is 0 or > MaxTagLength) => $"A tag has 1 to {MaxTagLength} characters.",
        _ when tags.Any(tag => tag.Any(char.IsControl)) => "A tag has no control characters.",
        _ => null,
    };

    public static string? KeyError(string key) =>
        key.Length is >= 1 and <= MaxKeyLength && key.All(static c => c is >= ' ' and <= '~')
            ? null
            : $"The idempotency key must be 1 to {MaxKeyLength} printable ASCII characters.";

    public static string? DelayError(TimeSpan delay) =>
        delay < TimeSpan.Zero ? "The delay must not be negative." :
        delay > MaxDelay ? $"The delay must be at most {MaxDelay.TotalSeconds:0} seconds." : null;

    public static string? RunAtError(DateTimeOffset runAt, DateTimeOffset now) =>
        runAt - now > MaxDelay ? "The time to run at must be within the next 100 years." : null;

    /// <summary>Whether this is one JSON value, not too large and not nested too deeply.</summary>
    /// <param name="payload">UTF-8.</param>
    /// <param name="maxKilobytes">Of 1,024 bytes.</param>
    public static string? PayloadError(ReadOnlySpan<byte> payload, int maxKilobytes)
    {
        if (payload.Length > maxKilobytes * 1024)
            return $"The payload has {payload.Length:N0} bytes; at most {maxKilobytes * 1024:N0} are allowed.";
        var reader = new Utf8JsonReader(payload, Reading);
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException exception)
        {
            return $"The payload is not valid JSON; {JsonFlaw.Sentence(exception, payload)}";
        }
    }

    private static string? NameError(string field, string name) =>
        name.Length is >= 1 and <= MaxNameLength && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? null
            : $"The {field} must be 1 to {MaxNameLength} of the characters A-Z, a-z, 0-9, '.', '_' and '-'.";
}
