using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Handlers.Payloads;

/// <summary>What a payload of the type looks like, and how it is read. Thread-safe.</summary>
internal static class PayloadFormat<TPayload>
{
    private static readonly JsonTypeInfo<TPayload> Type = (JsonTypeInfo<TPayload>)HandlerJson.Options.GetTypeInfo(typeof(TPayload));
    private static readonly JsonElement Shape = PayloadSchema.Of(Type);

    private static readonly JsonSerializerOptions WithoutNulls =
        new(HandlerJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>JSON Schema.</summary>
    public static string Schema { get; } = Shape.GetRawText();

    /// <summary>The example as JSON, without the fields that it leaves out.</summary>
    /// <exception cref="ArgumentException">It is none: a job with it would fail.</exception>
    public static string Example(TPayload example)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(example, WithoutNulls);
        return Error(json) is { } error
            ? throw new ArgumentException($"its example would fail: {error}")
            : Encoding.UTF8.GetString(json);
    }

    /// <summary>What <see cref="Read"/> would say against the payload, or <see langword="null"/>. Never throws what checks of the type's own throw.</summary>
    public static string? Error(ReadOnlyMemory<byte> json)
    {
        try
        {
            Read(json);
            return null;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Reads and checks a payload.</summary>
    /// <param name="json">A valid text.</param>
    /// <exception cref="PermanentJobException">It does not fit the type: says where and how.</exception>
    public static TPayload Read(ReadOnlyMemory<byte> json)
    {
        if (typeof(TPayload) == typeof(RawJson))
            return (TPayload)(object)new RawJson(json);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = SubmissionRules.MaxDepthOfOurs });
        var flaws = new PayloadFlaws();
        PayloadShape.Check(document.RootElement, Shape, flaws);
        flaws.ThrowIfAny();
        var payload = Deserialize(document.RootElement);
        PayloadRules.Check(payload, PayloadFlaws.Root, flaws);
        flaws.ThrowIfAny();
        return payload;
    }

    /// <summary>What the schema cannot say is found here: a converter's own format, a constructor that refuses.</summary>
    private static TPayload Deserialize(JsonElement json)
    {
        try
        {
            return json.Deserialize(Type)!;
        }
        catch (JsonException exception)
        {
            var flaw = exception.InnerException is InvalidOperationException ? PayloadFlaws.HalfCharacter : "is not in the form that is read here";
            throw PayloadFlaws.Refuse($"{PayloadFlaws.Root}{exception.Path?.TrimStart('$')} {flaw}.", exception);
        }
        catch (Exception exception)
        {
            throw PayloadFlaws.Refuse($"The payload is refused: {exception.Message}", exception);
        }
    }
}
