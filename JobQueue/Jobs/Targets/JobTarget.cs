using System.Text.Json;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Jobs.Targets;

/// <summary>Whom a job calls, as far as its submission tells. Pure.</summary>
public static class JobTarget
{
    /// <summary>The type whose jobs call a target: the one that their payload's <c>url</c> names.</summary>
    public const string HttpType = "http.request";

    /// <summary>Calls to one target that one process makes at once, whosever they are.</summary>
    public const int MaxCallsAtOnce = 20;

    private const string UrlField = "url";

    /// <summary>Such as <c>https://example.com:443</c>.</summary>
    /// <param name="payload">UTF-8 JSON.</param>
    /// <returns>Null for a type that calls nobody, and for a payload that its type will refuse.</returns>
    public static string? Of(string type, ReadOnlySpan<byte> payload)
    {
        if (type != HttpType)
            return null;
        try
        {
            return TargetIn(payload);
        }
        catch (InvalidOperationException)
        {
            // An escape stands for half of a character (a lone surrogate): such a text is no URL, and such a name no field.
            return null;
        }
    }

    private static string? TargetIn(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = SubmissionRules.MaxDepthOfOurs });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        string? target = null;
        // Of a name that is there twice the last one counts, as for the handler.
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUrl = reader.ValueTextEquals(UrlField);
            reader.Read();
            if (!isUrl)
                reader.Skip();
            else if (reader.TokenType == JsonTokenType.String)
                target = HttpTarget.Of(reader.GetString()!)?.ToString();
            else
                return null;
        }

        return target;
    }
}
