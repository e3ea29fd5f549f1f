using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace JobQueue.Handlers.Payloads;

/// <summary>The JSON Schema of a payload, made of its type and what its attributes say. Pure.</summary>
internal static class PayloadSchema
{
    private static readonly JsonSchemaExporterOptions Exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Complete,
    };

    /// <summary>What JSON Schema's registry of formats calls them, but for the last.</summary>
    private static readonly Dictionary<Type, string> Formats = new()
    {
        [typeof(sbyte)] = "int8",
        [typeof(short)] = "int16",
        [typeof(int)] = "int32",
        [typeof(long)] = "int64",
        [typeof(byte)] = "uint8",
        [typeof(ushort)] = "uint16",
        [typeof(uint)] = "uint32",
        [typeof(ulong)] = "uint64",
        [typeof(double)] = "double",
        [typeof(TimeSpan)] = "time-span",
    };

    public static JsonElement Of(JsonTypeInfo type) =>
        JsonSerializer.SerializeToElement(type.GetJsonSchemaAsNode(Exporting) as JsonObject ?? [], HandlerJson.Options);

    /// <summary>Called for every value. One that may be anything is a mere "true", and completed where it stands.</summary>
    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema || schema.ContainsKey("$ref"))
            return node;
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        schema.Remove("$comment"); // It names the type.
        if (Formats.TryGetValue(type, out var format))
            schema["format"] = format;
        if (type.GetCustomAttribute<DescriptionAttribute>() is { } description)
            Describe(schema, description);
        if (schema["items"] is JsonValue)
            schema["items"] = new JsonObject();
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && schema["properties"] is JsonObject fields)
            CompleteObject(schema, fields, context.TypeInfo);
        return schema;
    }

    /// <summary>What cannot be set is no field, and an annotation may require what the type does not.</summary>
    private static void CompleteObject(JsonObject schema, JsonObject fields, JsonTypeInfo type)
    {
        var required = schema["required"] as JsonArray ?? [];
        foreach (var property in type.Properties)
        {
            if (property.Set is null && property.AssociatedParameter is null)
            {
                fields.Remove(property.Name);
                continue;
            }

            var attributes = PayloadAttributes.Of(property);
            if (fields[property.Name] is not JsonObject field)
                fields[property.Name] = field = [];
            CompleteField(field, attributes);
            if (attributes.OfType<RequiredAttribute>().Any() && !required.Any(name => (string?)name == property.Name))
                required.Add(property.Name);
        }

        if (required.Count > 0)
            schema["required"] = required;
    }

    private static void CompleteField(JsonObject field, IReadOnlyList<Attribute> attributes)
    {
        foreach (var annotation in attributes.OfType<ValidationAttribute>())
            Annotations.Tell(annotation, field);
        if (attributes.OfType<DefaultValueAttribute>().FirstOrDefault() is { } value)
            field["default"] = JsonSerializer.SerializeToNode(value.Value, HandlerJson.Options);
        if (field["default"] is null)
            field.Remove("default"); // Null is what an absent field means in any case.
        if (attributes.OfType<DescriptionAttribute>().FirstOrDefault() is { } description)
            Describe(field, description);
    }

    private static void Describe(JsonObject schema, DescriptionAttribute description)
    {
        schema.Remove("description");
        schema.Insert(0, "description", description.Description);
    }
}
