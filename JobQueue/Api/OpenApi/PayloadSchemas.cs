using System.Text.Json.Nodes;
using JobQueue.Handlers;

namespace JobQueue.Api.OpenApi;

/// <summary>
/// Puts what each job type takes among the document's schemas: <c>http.request</c> as <c>HttpRequestPayload</c>. The schema of
/// <c>GET /types</c> says the same in one piece; here each shape inside has a name of its own, as generators need it.
/// </summary>
internal sealed class PayloadSchemas
{
    private readonly JsonObject _components;
    private readonly JsonObject _root;

    /// <summary>The shapes that have a component so far, by where they stand in the type's schema.</summary>
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);

    private PayloadSchemas(JsonObject components, JsonObject root) => (_components, _root) = (components, root);

    /// <param name="components">The document's schemas.</param>
    public static void Add(JsonObject components, IEnumerable<HandlerEntry> handlers)
    {
        foreach (var handler in handlers)
        {
            var root = JsonNode.Parse(handler.PayloadSchema)!.AsObject();
            var schema = new PayloadSchemas(components, root).Named(root, "", Pascal(handler.Type));
            schema["description"] ??= $"The payload of a job of type `{handler.Type}`.";
            schema["examples"] = new JsonArray(JsonNode.Parse(handler.Example));
        }
    }

    /// <summary>Makes a component of the shape.</summary>
    private JsonObject Named(JsonObject schema, string pointer, string name)
    {
        var component = $"{name}Payload";
        for (var number = 2; _components.ContainsKey(component); number++)
            component = $"{name}{number}Payload";
        _named[pointer] = component;
        _components[component] = null; // Taken, also for what lies inside.
        var shape = Shape(schema, pointer, name);
        if (schema.ContainsKey("properties"))
            shape["type"] = "object"; // Not told where it is one of several kinds, and never null.
        _components[component] = shape;
        return shape;
    }

    /// <summary>A schema as it stands inside another: what has fields of its own is referred to.</summary>
    private JsonNode? Place(JsonNode? node, string pointer, string name)
    {
        if (node is not JsonObject schema)
            return node?.DeepClone();
        if ((string?)schema["$ref"] is { } reference)
            return Place(Find(pointer = reference.TrimStart('#')), pointer, name);
        if (!schema.ContainsKey("properties") && !schema.ContainsKey("anyOf"))
            return Shape(schema, pointer, name);
        if (!_named.ContainsKey(pointer))
            Named(schema, pointer, name);
        var referring = new JsonObject { ["$ref"] = $"#/components/schemas/{_named[pointer]}" };
        if (schema["description"] is { } description)
            referring["description"] = description.DeepClone();
        return referring;
    }

    private JsonObject Shape(JsonObject schema, string pointer, string name)
    {
        var shape = new JsonObject();
        foreach (var (keyword, value) in schema)
        {
            shape[keyword] = (keyword, value) switch
            {
                ("properties", JsonObject fields) => new JsonObject(fields.Select(field => KeyValuePair.Create(
                    field.Key, Place(field.Value, $"{pointer}/properties/{Escape(field.Key)}", name + Pascal(field.Key))))),
                ("anyOf", JsonArray kinds) => new JsonArray([.. kinds.Select((kind, index) => Place(kind, $"{pointer}/anyOf/{index}", $"{name}Kind{index + 1}"))]),
                ("items" or "additionalProperties", JsonObject) => Place(value, $"{pointer}/{keyword}", $"{name}Item"),
                // Generators make a word of null.
                ("enum", JsonArray words) => new JsonArray([.. words.Where(word => word is not null).Select(word => word!.DeepClone())]),
                _ => value?.DeepClone(),
            };
        }

        // In words: generators take a field that has a default for one that is always there.
        if (shape.Remove("default", out var absent))
            shape["description"] = $"{shape["description"]} Default: `{absent?.ToJsonString().Trim('"')}`.".TrimStart();
        return shape;
    }

    private JsonNode? Find(string pointer) => pointer.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(
        (JsonNode?)_root,
        (node, part) => node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : node?[Unescape(part)]);

    private static string Pascal(string name) => string.Concat(
        name.Split('.', '_', '-').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string Escape(string part) => part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string part) => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
