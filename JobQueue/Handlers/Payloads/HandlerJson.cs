using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Handlers.Payloads;

/// <summary>How handlers' payloads and results are JSON: snake_case, words for enums, nothing unknown, nothing missing.</summary>
internal static class HandlerJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>A handler's result as JSON, or <see langword="null"/> for none.</summary>
    /// <exception cref="InvalidResultException">JSON cannot say it.</exception>
    public static ReadOnlyMemory<byte>? Write(object? result)
    {
        if (result is null)
            return null;
        if (result is RawJson raw)
            return raw.Utf8;
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(result, result.GetType(), Options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidResultException(exception);
        }
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowOutOfOrderMetadataProperties = true,
            MaxDepth = SubmissionRules.MaxDepthOfOurs,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }
}
