using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace JobQueue.Tests.Support.Document;

/// <summary>The document's schemas, made strict: a field that is not told is an error here, though clients are to ignore it.</summary>
internal sealed class DocumentedSchemas
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonObject _components;
    private readonly ConcurrentDictionary<string, JsonSchema> _read = new(StringComparer.Ordinal);

    public DocumentedSchemas(JsonObject document)
    {
        _components = Moved(document["components"]!["schemas"]!).AsObject();
        foreach (var (_, schema) in _components)
            Close(schema);
    }

    /// <summary>What is wrong with a value; <see langword="null"/> when nothing is.</summary>
    public string? ErrorOf(JsonNode schema, JsonElement value)
    {
        var results = _read.GetOrAdd(schema.ToJsonString(), Read, schema).Evaluate(value, Options);
        return results.IsValid
            ? null
            : string.Join("; ", results.Details
                .Where(detail => detail.HasErrors)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Key}: {error.Value}")));
    }

    private JsonSchema Read(string _, JsonNode schema)
    {
        var closed = Moved(schema);
        Close(closed);
        return JsonSchema.FromText(new JsonObject { ["allOf"] = new JsonArray(closed), ["$defs"] = _components.DeepClone() }.ToJsonString());
    }

    private static JsonNode Moved(JsonNode schema) =>
        JsonNode.Parse(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!;

    private static void Close(JsonNode? schema)
    {
        if (schema is JsonArray list)
        {
            foreach (var each in list)
                Close(each);
        }

        if (schema is not JsonObject fields)
            return;
        foreach (var (_, value) in fields)
            Close(value);
        if (fields["properties"] is JsonObject && fields["type"] is not null && !fields.ContainsKey("additionalProperties"))
            fields["additionalProperties"] = false;
    }
}
