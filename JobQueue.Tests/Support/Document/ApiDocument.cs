using System.Text.Json.Nodes;

namespace JobQueue.Tests.Support.Document;

/// <summary>The API's own document, read once from a server: what each answer of it is held against.</summary>
internal sealed class ApiDocument
{
    private static readonly Lazy<Task<ApiDocument>> Read = new(ReadAsync);

    private readonly List<DocumentedCall> _calls;

    private ApiDocument(JsonObject json)
    {
        Json = json;
        Schemas = new DocumentedSchemas(json);
        _calls =
        [
            .. json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Select(call => new DocumentedCall(call.Key.ToUpperInvariant(), path.Key, call.Value!.AsObject()))),
        ];
    }

    public JsonObject Json { get; }

    public DocumentedSchemas Schemas { get; }

    public static Task<ApiDocument> GetAsync() => Read.Value;

    /// <summary>The call that a request is; of two paths that fit, the one with fewer parameters.</summary>
    public DocumentedCall? Find(HttpMethod method, string path) => _calls
        .Where(call => call.Fits(method == HttpMethod.Head ? HttpMethod.Get : method, path))
        .MinBy(call => call.Parameters);

    private static async Task<ApiDocument> ReadAsync()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = new HttpClient { BaseAddress = app.Address };
        return new ApiDocument(JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", CancellationToken.None))!.AsObject());
    }
}
