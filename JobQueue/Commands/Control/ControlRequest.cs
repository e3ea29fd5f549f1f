using System.Text.Json;

namespace JobQueue.Commands.Control;

/// <summary>What a command asks the running server to do. One line of JSON.</summary>
internal sealed record ControlRequest(string Verb, JsonElement Arguments)
{
    /// <summary>Of both directions and of the arguments. The other end may be of another version: what is missing is told, not guessed.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
