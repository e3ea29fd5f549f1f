using System.Text.Json.Nodes;

namespace JobQueue.Tests.Support;

/// <summary>A lease as a remote worker holds it.</summary>
internal sealed record HeldLease(string Token, JsonObject Json)
{
    public string JobId => Json["job"]!["id"]!.GetValue<string>();
}
