using System.Text.Json.Nodes;

namespace JobQueue.Tests.Support;

/// <summary>What a client of the stream got.</summary>
internal sealed record StreamedEvent(string Id, string Name, JsonObject Data)
{
    public string JobId => Data["id"]!.GetValue<string>();
}
