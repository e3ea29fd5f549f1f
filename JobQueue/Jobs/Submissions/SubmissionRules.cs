using System.Text;
using System.Text.Json;
using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Submissions;

/// <summary>
/// What a submission's fields may hold, whoever takes it: API, pages, schedules. Pure; each check answers what is wrong, to be
/// read after the field's name ("must …"), or <see langword="null"/> when all is well. Types and queues are <see cref="Names"/>.
/// </summary>
public static class SubmissionRules
{
    public const int MinPriority = -100;
    public const int MaxPriority = 100;
    public const int MaxRetries = 100;
    public const int MaxTimeoutSeconds = 86_400;
    public const int MaxTags = 10;
    public const int MaxTagLength = 50;
    public const int MaxKeyLength = 255;

    /// <summary>Levels of arrays and objects inside a payload or a result.</summary>
    public const int MaxDepth = 64;

    /// <summary>Levels inside a payload that the server itself makes: that of a callback holds a result, some levels deep.</summary>
    public const int MaxDepthOfOurs = MaxDepth + 16;

    /// <summary>The farthest a job can be put off, in seconds: 100 years.</summary>
    public const double MaxDelaySeconds = 36_525 * 86_400.0;

    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(MaxDelaySeconds);

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = MaxDepth };

    public static string? PriorityError(int priority) => Outside(MinPriority, MaxPriority, priority);

    public static string? MaxRetriesError(int retries) => Outside(0, MaxRetries, retries);

    public static string? TimeoutError(int seconds) => Outside(1, MaxTimeoutSeconds, seconds);

    public static string? TagsError(IReadOnlyCollection<string> tags) =>
        TagCountError(tags.Count) ?? tags.Select(TagError).FirstOrDefault(error => error is not null);

    public static string? TagCountError(int count) => count > MaxTags ? $"must have at most {MaxTags} members." : null;

    /// <summary>A tag's length is counted in code points: an emoji is one.</summary>
    public static string? TagError(string tag)
    {
        var length = 0;
        foreach (var rune in tag.EnumerateRunes())
        {
            if (Rune.IsControl(rune))
                return "must not contain control characters.";
            length++;
        }

        return length is 0 or > MaxTagLength ? $"must each have 1 to {MaxTagLength} characters." : null;
    }

    public static string? KeyError(string key) =>
        key.Length is 0 or > MaxKeyLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? $"must have 1 to {MaxKeyLength} printable ASCII characters."
            : null;

    public static string? RunAtError(DateTimeOffset runAt, DateTimeOffset now) =>
        runAt - now > MaxDelay ? "must be within the next 100 years." : null;

    /// <summary>Whether this is one JSON value, not too large and not nested too deeply.</summary>
    /// <param name="payload">UTF-8.</param>
    /// <param name="maxKilobytes">Of 1,024 bytes.</param>
    public static string? PayloadError(ReadOnlySpan<byte> payload, int maxKilobytes)
    {
        if (payload.Length > maxKilobytes * 1024)
            return $"has {payload.Length:N0} bytes; at most {maxKilobytes * 1024:N0} are allowed.";
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
            return $"is not valid JSON: {JsonFlaw.Sentence(exception, payload)}";
        }
    }

    private static string? Outside(int least, int most, int value) =>
        value >= least && value <= most ? null : $"must be a whole number from {least} to {most}.";
}
