using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobQueue.Jobs.Model;

/// <summary>
/// A JSON value of any kind as its text was written: number spelling, order and duplicate names included. As a handler's
/// payload, or a field of it, it takes anything; as a result it goes out as it is.
/// </summary>
/// <param name="Utf8">The text. Nobody writes into it.</param>
[JsonConverter(typeof(Converter))]
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    internal static RawJson? From(ReadOnlyMemory<byte>? utf8) => utf8 is { } bytes ? new RawJson(bytes) : null;

    internal sealed class Converter : JsonConverter<RawJson>
    {
        /// <summary>Null is a value like any other.</summary>
        public override bool HandleNull => true;

        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonMarshal.GetRawUtf8Value(JsonElement.ParseValue(ref reader)).ToArray());

        /// <summary>It was checked when it came in.</summary>
        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
