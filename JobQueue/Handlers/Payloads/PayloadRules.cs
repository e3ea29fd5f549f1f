using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;

namespace JobQueue.Handlers.Payloads;

/// <summary>Holds a payload that was read against the data annotations of its type, and what it holds against theirs. Thread-safe.</summary>
internal static class PayloadRules
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Field>> Known = new();

    /// <param name="path">Of the value.</param>
    public static void Check(object? value, string path, PayloadFlaws flaws)
    {
        if (value is null || flaws.IsFull)
            return;
        var type = HandlerJson.Options.GetTypeInfo(value.GetType());
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(value, type, path, flaws);
                break;
            case JsonTypeInfoKind.Dictionary when value is IDictionary fields && HoldsRules(type.ElementType!):
                foreach (DictionaryEntry field in fields)
                    Check(field.Value, PayloadFlaws.Member(path, field.Key.ToString()!), flaws);
                break;
            case JsonTypeInfoKind.Enumerable when HoldsRules(type.ElementType!):
                var index = 0;
                foreach (var item in (IEnumerable)value)
                    Check(item, PayloadFlaws.Item(path, index++), flaws);
                break;
        }
    }

    private static void CheckObject(object value, JsonTypeInfo type, string path, PayloadFlaws flaws)
    {
        foreach (var field in Known.GetOrAdd(type.Type, static (_, type) => FieldsOf(type), type))
        {
            var given = field.Get(value);
            var at = PayloadFlaws.Member(path, field.Name);
            if (field.Annotations.Count > 0)
                CheckField(value, field, given, at, flaws);
            if (field.HoldsRules)
                Check(given, at, flaws);
        }

        if (value is IValidatableObject itself)
        {
            foreach (var result in itself.Validate(new ValidationContext(value) { DisplayName = path }))
                flaws.Quote(path, result);
        }
    }

    private static void CheckField(object value, Field field, object? given, string at, PayloadFlaws flaws)
    {
        var context = new ValidationContext(value) { MemberName = field.Name, DisplayName = at };
        foreach (var annotation in field.Annotations)
        {
            if (annotation.GetValidationResult(given, context) is not { } result)
                continue;
            if (Annotations.Words(annotation, given) is { } words)
                flaws.Add(at, words);
            else
                flaws.Quote(at, result);
        }
    }

    private static List<Field> FieldsOf(JsonTypeInfo type) =>
    [
        .. from property in type.Properties
           where property.Get is not null && (property.Set is not null || property.AssociatedParameter is not null)
           let annotations = PayloadAttributes.Of(property).OfType<ValidationAttribute>()
           select new Field(property.Name, property.Get!, [.. annotations], HoldsRules(property.PropertyType)),
    ];

    /// <summary>Whether a value of the type may have members of its own, whose rules count too.</summary>
    private static bool HoldsRules(Type type) => type == typeof(object) || HandlerJson.Options.GetTypeInfo(type).Kind != JsonTypeInfoKind.None;

    private sealed record Field(string Name, Func<object, object?> Get, IReadOnlyList<ValidationAttribute> Annotations, bool HoldsRules);
}
