using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobQueue.Handlers.Http;

/// <param name="Headers">By their names in lower case; several values of one are joined by commas.</param>
/// <param name="Body">UTF-8.</param>
/// <param name="Truncated">Whether more came than is kept.</param>
internal sealed record HttpRequestResult(
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    [property: JsonConverter(typeof(HttpRequestResult.Utf8Text))] ReadOnlyMemory<byte> Body,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Truncated)
{
    /// <summary>
    /// Written as the text it is, without a string in between: of a thousand long answers those would be most of the memory. What is
    /// no UTF-8 in it becomes U+FFFD.
    /// </summary>
    internal sealed class Utf8Text : JsonConverter<ReadOnlyMemory<byte>>
    {
        public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Span);
    }
}
