using System.Text.Json.Serialization;

namespace JobQueue.Handlers.BuiltIn;

/// <summary>Payloads and results of the built-in types. A field that a payload does not know is an error that names it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SleepPayload))]
[JsonSerializable(typeof(SleepResult))]
[JsonSerializable(typeof(FailPayload))]
[JsonSerializable(typeof(FailResult))]
internal sealed partial class BuiltInJson : JsonSerializerContext;
