using System.ComponentModel;
using System.Text.Json;

namespace JobQueue.Handlers.Command;

internal sealed record CommandPayload(
    [property: Description("The name under which the configuration lists it.")]
    string Command,
    [property: Description("A text or a number for each {placeholder} of the command's arguments.")]
    IReadOnlyDictionary<string, JsonElement>? Args = null);
