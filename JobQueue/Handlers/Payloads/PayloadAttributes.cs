using System.Text.Json.Serialization.Metadata;

namespace JobQueue.Handlers.Payloads;

/// <summary>What stands on a field. Pure.</summary>
internal static class PayloadAttributes
{
    /// <summary>Also those of a record's parameter, where an attribute lands that names no target.</summary>
    public static IReadOnlyList<Attribute> Of(JsonPropertyInfo property) =>
    [
        .. (property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? []).OfType<Attribute>(),
        .. (property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(inherit: true) ?? []).OfType<Attribute>(),
    ];
}
