using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JobQueue.Handlers.Payloads;

/// <summary>Data annotations as keywords of JSON Schema and in words of JSON. Pure.</summary>
internal static class Annotations
{
    /// <summary>Messages that annotations come with although nobody gave them one.</summary>
    private static readonly HashSet<string?> TheirOwn = [new UrlAttribute().ErrorMessage, new EmailAddressAttribute().ErrorMessage];

    /// <summary>Adds to a field's schema what the annotation asks of it, where a schema can say that.</summary>
    public static void Tell(ValidationAttribute annotation, JsonObject schema)
    {
        switch (annotation)
        {
            case RequiredAttribute required:
                if (schema["type"] is JsonArray kinds)
                    schema["type"] = kinds.First(kind => (string?)kind != "null")!.DeepClone();
                if (!required.AllowEmptyStrings && (string?)schema["type"] == "string" && !schema.ContainsKey("minLength"))
                    schema["minLength"] = 1;
                break;
            case RangeAttribute { Minimum: int or double } range:
                schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
                schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
                break;
            case RegularExpressionAttribute regular:
                schema["pattern"] = $"^(?:{regular.Pattern})$";
                break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = JsonSerializer.SerializeToNode(allowed.Values, HandlerJson.Options);
                break;
            case UrlAttribute:
                schema["format"] = "uri";
                break;
            case EmailAddressAttribute:
                schema["format"] = "email";
                break;
            default:
                if (Lengths(annotation) is var (least, most))
                    TellLengths(schema, least, most);
                break;
        }
    }

    /// <summary>What the annotation asks ("must be from 0 to 10"), or <see langword="null"/> where it says that best itself.</summary>
    /// <param name="value">What was given.</param>
    public static string? Words(ValidationAttribute annotation, object? value)
    {
        if (annotation.ErrorMessageResourceName is not null || (annotation.ErrorMessage is { } own && !TheirOwn.Contains(own)))
            return null;
        return annotation switch
        {
            RequiredAttribute => value is null ? "is missing" : "must not be empty",
            RangeAttribute { MinimumIsExclusive: false, MaximumIsExclusive: false } range => Said($"must be from {range.Minimum} to {range.Maximum}"),
            RangeAttribute range => Said(
                $"must be {(range.MinimumIsExclusive ? "more than" : "at least")} {range.Minimum} and {(range.MaximumIsExclusive ? "less than" : "at most")} {range.Maximum}"),
            RegularExpressionAttribute regular => $"must match the pattern {regular.Pattern}",
            AllowedValuesAttribute allowed => Said($"must be one of {string.Join(", ", allowed.Values)}"),
            UrlAttribute => "must be an address such as https://example.com/",
            EmailAddressAttribute => "must be an email address",
            _ when Lengths(annotation) is var (least, most) => LengthWords(least, most, value is string ? "characters" : "members"),
            _ => null,
        };
    }

    private static (int Least, int? Most)? Lengths(ValidationAttribute annotation) => annotation switch
    {
        StringLengthAttribute text => (text.MinimumLength, text.MaximumLength),
        LengthAttribute length => (length.MinimumLength, length.MaximumLength),
        MinLengthAttribute least => (least.Length, null),
        // -1 stands for whatever a database takes.
        MaxLengthAttribute most => (0, most.Length < 0 ? null : most.Length),
        _ => null,
    };

    private static void TellLengths(JsonObject schema, int least, int? most)
    {
        var kinds = schema["type"] is JsonArray several ? several.Select(kind => (string?)kind) : [(string?)schema["type"]];
        var unit = kinds.Contains("array") ? "Items" : kinds.Contains("object") ? "Properties" : "Length";
        if (least > 0)
            schema[$"min{unit}"] = least;
        if (most is not null)
            schema[$"max{unit}"] = most;
    }

    private static string LengthWords(int least, int? most, string what) => (least, most) switch
    {
        (0, { } up) => Said($"must have at most {up} {what}"),
        (var from, null) => Said($"must have at least {from} {what}"),
        var (from, up) => Said($"must have {from} to {up} {what}"),
    };

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
