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
    };

    public static JsonElement Of(JsonTypeInfo type) => JsonSerializer.SerializeToElement(type.GetJsonSchemaAsNode(Exporting), HandlerJson.Options);

    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode node)
    {
        // A schema that allows everything is "true" by itself; many readers know only objects.
        var schema = node as JsonObject ?? [];
        if (Formats.TryGetValue(Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type, out var format) && !schema.ContainsKey("enum"))
            schema["format"] = format;
        if (context.PropertyInfo is { } property)
            CompleteProperty(schema, property);
        else if (context.TypeInfo.Type.GetCustomAttribute<DescriptionAttribute>() is { } description)
            Describe(schema, description);
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
            CompleteObject(schema, context.TypeInfo);
        return schema;
    }

    private static void CompleteProperty(JsonObject schema, JsonPropertyInfo property)
    {
        var attributes = PayloadAttributes.Of(property);
        foreach (var attribute in attributes.OfType<ValidationAttribute>())
            Annotations.Tell(attribute, schema);
        if (attributes.OfType<DefaultValueAttribute>().FirstOrDefault() is { } value)
            schema["default"] = JsonSerializer.SerializeToNode(value.Value, HandlerJson.Options);
        // "Nothing" is what an absent field means in any case.
        if (schema.TryGetPropertyValue("default", out var absent) && absent is null)
            schema.Remove("default");
        if ((attributes.OfType<DescriptionAttribute>().FirstOrDefault() ?? property.PropertyType.GetCustomAttribute<DescriptionAttribute>()) is { } description)
            Describe(schema, description);
    }

    /// <summary>What cannot be set is no field, and an annotation may require what the type does not.</summary>
    private static void CompleteObject(JsonObject schema, JsonTypeInfo type)
    {
        var required = schema["required"] as JsonArray ?? [];
        foreach (var property in type.Properties)
        {
            if (property.Set is null && property.AssociatedParameter is null)
                (schema["properties"] as JsonObject)?.Remove(property.Name);
            else if (PayloadAttributes.Of(property).OfType<RequiredAttribute>().Any() && !required.Any(name => (string?)name == property.Name))
                required.Add(property.Name);
        }

        if (required.Count > 0)
            schema["required"] = required;
    }

    private static void Describe(JsonObject schema, DescriptionAttribute description)
    {
        schema.Remove("description");
        schema.Insert(0, "description", description.Description);
    }
}
