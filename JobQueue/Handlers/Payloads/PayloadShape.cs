using System.Text.Json;

namespace JobQueue.Handlers.Payloads;

/// <summary>
/// Holds a payload against its schema: kinds of values, fields that are missing or unknown. It knows the keywords that
/// <see cref="PayloadSchema"/> makes of types; those it makes of annotations are checked by <see cref="PayloadRules"/>. Pure.
/// </summary>
internal static class PayloadShape
{
    public static void Check(JsonElement json, JsonElement schema, PayloadFlaws flaws)
    {
        try
        {
            Check(json, schema, schema, PayloadFlaws.Root, flaws);
        }
        catch (InvalidOperationException)
        {
            flaws.Add(PayloadFlaws.Root, PayloadFlaws.HalfCharacter);
        }
    }

    private static void Check(JsonElement json, JsonElement schema, JsonElement root, string path, PayloadFlaws flaws)
    {
        schema = Resolve(schema, root);
        if (flaws.IsFull || schema.ValueKind != JsonValueKind.Object)
            return;
        if (JsonWords.Mismatch(json, schema) is { } mismatch)
            flaws.Add(path, mismatch);
        else if (json.ValueKind == JsonValueKind.Object && KindOf(json, schema, path, flaws) is { } kind)
            CheckFields(json, kind, root, path, flaws);
        else if (json.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            CheckItems(json, items, root, path, flaws);
    }

    private static void CheckFields(JsonElement json, JsonElement schema, JsonElement root, string path, PayloadFlaws flaws)
    {
        var known = schema.TryGetProperty("properties", out var properties) ? properties : default;
        var isOpen = !schema.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind != JsonValueKind.False;
        foreach (var field in json.EnumerateObject())
        {
            if (known.ValueKind == JsonValueKind.Object && known.TryGetProperty(field.Name, out var value))
                Check(field.Value, value, root, PayloadFlaws.Member(path, field.Name), flaws);
            else if (!isOpen)
                flaws.Add(PayloadFlaws.Member(path, field.Name), $"is not known; {JsonWords.Known(known)}");
            else if (additional.ValueKind == JsonValueKind.Object)
                Check(field.Value, additional, root, PayloadFlaws.Member(path, field.Name), flaws);
            if (flaws.IsFull)
                return;
        }

        if (!schema.TryGetProperty("required", out var required))
            return;
        foreach (var name in required.EnumerateArray().Select(name => name.GetString()!).Where(name => !json.TryGetProperty(name, out _)))
            flaws.Add(PayloadFlaws.Member(path, name), "is missing");
    }

    private static void CheckItems(JsonElement json, JsonElement items, JsonElement root, string path, PayloadFlaws flaws)
    {
        var index = 0;
        foreach (var item in json.EnumerateArray())
        {
            Check(item, items, root, PayloadFlaws.Item(path, index++), flaws);
            if (flaws.IsFull)
                return;
        }
    }

    /// <summary>Of a type that comes in kinds, told apart by a field's word, the schema of the one that this is.</summary>
    private static JsonElement? KindOf(JsonElement json, JsonElement schema, string path, PayloadFlaws flaws)
    {
        if (!schema.TryGetProperty("anyOf", out var kinds))
            return schema;
        var words = new List<string>();
        var field = "";
        foreach (var kind in kinds.EnumerateArray().Where(kind => kind.TryGetProperty("properties", out _)))
        {
            foreach (var property in kind.GetProperty("properties").EnumerateObject().Where(property => property.Value.TryGetProperty("const", out _)))
            {
                var word = property.Value.GetProperty("const");
                if (json.TryGetProperty(field = property.Name, out var given) && JsonElement.DeepEquals(given, word))
                    return kind;
                words.Add(word.ToString());
            }
        }

        if (words.Count > 0)
            flaws.Add(PayloadFlaws.Member(path, field), $"must be one of {string.Join(", ", words)}");
        return null;
    }

    /// <summary>A type that holds itself refers to where it stands.</summary>
    private static JsonElement Resolve(JsonElement schema, JsonElement root)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
        {
            schema = root;
            foreach (var part in reference.GetString()!.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1))
                schema = schema.ValueKind == JsonValueKind.Array
                    ? schema[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]
                    : schema.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        }

        return schema;
    }
}
