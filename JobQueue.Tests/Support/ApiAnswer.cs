using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace JobQueue.Tests.Support;

/// <summary>An answer of the API, read whole.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, string Text)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? Code => Json["code"]?.GetValue<string>();

    public IReadOnlyList<JsonObject> Items => [.. Json["items"]!.AsArray().Select(item => item!.AsObject())];

    public string? NextCursor => Json["next_cursor"]?.GetValue<string>();

    /// <summary>The names of the fields that were refused, in order.</summary>
    public IReadOnlyList<string> WrongFields => [.. Json["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal)];

    public string Id => Json["id"]!.GetValue<string>();

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>Fails with the answer's text when the status is another.</summary>
    public ApiAnswer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Wanted {(int)status}, got {(int)Status}: {Text}");
        return this;
    }

    public ApiAnswer Is(HttpStatusCode status, string code)
    {
        Is(status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(code, Code);
        Assert.Equal((int)status, Json["status"]!.GetValue<int>());
        foreach (var field in (string[])["type", "title", "detail", "trace_id"])
            Assert.False(string.IsNullOrEmpty(Json[field]?.GetValue<string>()), $"{field} is missing: {Text}");
        return this;
    }
}
