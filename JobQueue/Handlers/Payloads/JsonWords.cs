using System.Globalization;
using System.Text.Json;

namespace JobQueue.Handlers.Payloads;

/// <summary>What kinds of JSON are called, and whether a value is what its schema says. Pure.</summary>
internal static class JsonWords
{
    /// <summary>Formats of a schema: what they are called, and whether a value (of the right kind) has it.</summary>
    private static readonly Dictionary<string, (string Words, Func<JsonElement, bool> Fits)> Formats = new(StringComparer.Ordinal)
    {
        ["date-time"] = ("a time such as 2026-11-28T18:00:00Z", json => json.TryGetDateTimeOffset(out _)),
        ["date"] = ("a date such as 2026-11-28", json => DateOnly.TryParseExact(json.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)),
        ["time"] = ("a time of day such as 18:00:00", json => TimeOnly.TryParse(json.GetString(), CultureInfo.InvariantCulture, out _)),
        ["time-span"] = ("a length of time such as 00:05:00", json => TimeSpan.TryParseExact(json.GetString(), "c", CultureInfo.InvariantCulture, out _)),
        ["uuid"] = ("a UUID", json => json.TryGetGuid(out _)),
        ["int8"] = (WholeNumber(sbyte.MinValue, sbyte.MaxValue), json => json.TryGetSByte(out _)),
        ["int16"] = (WholeNumber(short.MinValue, short.MaxValue), json => json.TryGetInt16(out _)),
        ["int32"] = (WholeNumber(int.MinValue, int.MaxValue), json => json.TryGetInt32(out _)),
        ["int64"] = (WholeNumber(long.MinValue, long.MaxValue), json => json.TryGetInt64(out _)),
        ["uint8"] = (WholeNumber(byte.MinValue, byte.MaxValue), json => json.TryGetByte(out _)),
        ["uint16"] = (WholeNumber(ushort.MinValue, ushort.MaxValue), json => json.TryGetUInt16(out _)),
        ["uint32"] = (WholeNumber(uint.MinValue, uint.MaxValue), json => json.TryGetUInt32(out _)),
        ["uint64"] = (WholeNumber(ulong.MinValue, ulong.MaxValue), json => json.TryGetUInt64(out _)),
        ["double"] = ("a number of at most 1.8e308", json => json.TryGetDouble(out var number) && double.IsFinite(number)),
    };

    /// <summary>Why the value is not what the schema says of its kind ("must be a number, not text"), or <see langword="null"/>.</summary>
    public static string? Mismatch(JsonElement json, JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var words))
        {
            return words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, json))
                ? null
                : $"must be one of {string.Join(", ", words.EnumerateArray().Where(word => word.ValueKind != JsonValueKind.Null))}";
        }

        if (!schema.TryGetProperty("type", out var type))
            return null;
        var kinds = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(kind => kind.GetString()!)] : new[] { type.GetString()! };
        if (!kinds.Any(kind => Is(json, kind)))
        {
            var allowed = kinds.Where(kind => kind != "null").Select(Called).DefaultIfEmpty("null");
            return $"must be {string.Join(" or ", allowed)}, not {Found(json)}";
        }

        return json.ValueKind is JsonValueKind.String or JsonValueKind.Number
            && schema.TryGetProperty("format", out var format) && Formats.TryGetValue(format.GetString()!, out var known) && !known.Fits(json)
            ? $"must be {known.Words}"
            : null;
    }

    /// <summary>"known are seconds, steps".</summary>
    public static string Known(JsonElement properties)
    {
        var names = properties.ValueKind == JsonValueKind.Object ? string.Join(", ", properties.EnumerateObject().Select(property => property.Name)) : "";
        return names.Length > 0 ? $"known are {names}" : "no fields are";
    }

    private static bool Is(JsonElement json, string kind) => json.ValueKind switch
    {
        JsonValueKind.String => kind == "string",
        JsonValueKind.Number => kind is "number" or "integer",
        JsonValueKind.True or JsonValueKind.False => kind == "boolean",
        JsonValueKind.Null => kind == "null",
        JsonValueKind.Array => kind == "array",
        _ => kind == "object",
    };

    private static string Called(string kind) => kind switch
    {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        _ => "an object",
    };

    private static string Found(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };

    private static string WholeNumber<T>(T least, T most) => string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
}
