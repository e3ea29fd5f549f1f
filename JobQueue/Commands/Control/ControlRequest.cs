using System.Text.Json;

namespace JobQueue.Commands.Control;

/// <summary>What a command asks the running server to do. One line of JSON.</summary>
internal sealed record ControlRequest(string Verb, JsonElement Arguments);
