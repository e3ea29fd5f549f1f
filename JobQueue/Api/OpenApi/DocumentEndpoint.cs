using System.Text.Json;
using System.Text.Json.Nodes;
using JobQueue.Api.Json;
using JobQueue.Handlers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JobQueue.Api.OpenApi;

/// <summary>
/// The API's document, made once: it says the same to everybody but for the server's address, which is the one that was asked.
/// </summary>
internal sealed class DocumentEndpoint(
    [FromKeyedServices(DocumentEndpoint.Name)] IOpenApiDocumentProvider documents, HandlerRegistry handlers) : IDisposable
{
    public const string Name = "v1";

    private readonly SemaphoreSlim _gate = new(1);
    private volatile JsonObject? _made;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet($"/openapi/{Name}.json", (HttpContext context, DocumentEndpoint endpoint) => endpoint.AnswerAsync(context))
            .AllowAnonymous()
            .ExcludeFromDescription();

    public void Dispose() => _gate.Dispose();

    private async Task AnswerAsync(HttpContext context)
    {
        var made = _made ?? await MakeAsync(context.RequestAborted);
        var request = context.Request;
        var response = context.Response;
        response.ContentType = JsonAnswer.ContentType;
        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = ApiJson.Instance.Options.Encoder });
        json.WriteStartObject();
        foreach (var (name, value) in made)
        {
            json.WritePropertyName(name);
            value!.WriteTo(json);
            if (name != "info")
                continue;
            json.WriteStartArray("servers");
            json.WriteStartObject();
            json.WriteString("url", $"{request.Scheme}://{request.Host}{request.PathBase}");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private async Task<JsonObject> MakeAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_made is { } before)
                return before;
            var document = await documents.GetOpenApiDocumentAsync(cancellationToken);
            document.Servers = null;
            var made = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken))!.AsObject();
            PayloadSchemas.Add(made["components"]!["schemas"]!.AsObject(), handlers.All);
            PutNullLast(made);
            return _made = made;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Some generators (orval 7 for zod) take the first of a value's types for all of it.</summary>
    private static void PutNullLast(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            if (fields["type"] is JsonArray types && types.Count > 1 && types[0]?.GetValueKind() == JsonValueKind.String && (string?)types[0] == "null")
            {
                types.RemoveAt(0);
                types.Add("null");
            }

            foreach (var (_, value) in fields)
                PutNullLast(value);
        }

        foreach (var each in node as JsonArray ?? [])
            PutNullLast(each);
    }
}
