using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using JobQueue.Access.Sessions;
using Microsoft.AspNetCore.Http;

namespace JobQueue.Tests.Support.Document;

/// <summary>
/// Holds every answer that a test gets against the API's document: a status, header, code or field that it does not tell fails
/// the test. Pages have no document, and of a stream only the head is looked at.
/// </summary>
internal sealed class DocumentedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>What HTTP itself brings along, and what tells a browser to be careful, whatever the answer.</summary>
    private static readonly HashSet<string> OfHttp = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "Server", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Type", "Content-Length", "Content-Encoding",
        "Vary", "Cache-Control", "Allow", "X-Content-Type-Options", "Referrer-Policy",
        "Access-Control-Allow-Origin", "Access-Control-Expose-Headers",
    };

    /// <summary>What any address may answer, as the document says of the API as a whole.</summary>
    private static readonly Dictionary<HttpStatusCode, string> OfAnyAddress = new()
    {
        [HttpStatusCode.BadRequest] = "unknown-host",
        [HttpStatusCode.NotFound] = "not-found",
        [HttpStatusCode.MethodNotAllowed] = "method-not-allowed",
        [HttpStatusCode.RequestUriTooLong] = "address-too-long",
        [HttpStatusCode.RequestHeaderFieldsTooLarge] = "headers-too-large",
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        if (PagePaths.Contains(new PathString(path)) || request.Method == HttpMethod.Options || IsFile(path))
            return response;
        var document = await ApiDocument.GetAsync();
        var call = document.Find(request.Method, path);
        var where = $"{call?.Name ?? $"{request.Method} {path}"} answered {(int)response.StatusCode}";
        if (call?.AnswerOf((int)response.StatusCode) is { } answer)
        {
            HoldHeaders(answer, response, where);
            await HoldBodyAsync(document, answer, request.Method, response, where, cancellationToken);
        }
        else
        {
            Assert.True(OfAnyAddress.TryGetValue(response.StatusCode, out var code), $"{where}, which is not documented");
            await HoldProblemAsync(document, code!, request.Method, response, where, cancellationToken);
        }

        return response;
    }

    private static bool IsFile(string path) =>
        path.StartsWith("/openapi/", StringComparison.Ordinal) || path.StartsWith("/docs", StringComparison.Ordinal) || path.StartsWith("/css/", StringComparison.Ordinal) || path.Contains('.', StringComparison.Ordinal) && path.LastIndexOf('/') == 0;

    private static void HoldHeaders(JsonObject answer, HttpResponseMessage response, string where)
    {
        var told = (answer["headers"]?.AsObject() ?? []).ToDictionary(header => header.Key, header => header.Value!, StringComparer.OrdinalIgnoreCase);
        var sent = response.Headers.Concat(response.Content.Headers).Select(header => header.Key).Where(name => !OfHttp.Contains(name)).ToList();
        foreach (var name in sent)
            Assert.True(told.ContainsKey(name), $"{where} with the header {name}, which is not documented");
        foreach (var (name, header) in told.Where(header => (bool?)header.Value["required"] == true))
            Assert.True(sent.Contains(name, StringComparer.OrdinalIgnoreCase), $"{where} without the header {name}, which the document promises");
    }

    private static async Task HoldBodyAsync(
        ApiDocument document, JsonObject answer, HttpMethod method, HttpResponseMessage response, string where, CancellationToken cancellationToken)
    {
        var content = answer["content"]?.AsObject();
        var type = response.Content.Headers.ContentType?.MediaType;
        if (content is null)
        {
            Assert.True(type is null, $"{where} with a body of {type}, which is not documented");
            return;
        }

        Assert.True(content.ContainsKey(type ?? ""), $"{where} as {type}, which is not documented");
        if (method == HttpMethod.Head || !type!.EndsWith("json", StringComparison.Ordinal))
            return;
        var body = await ReadAsync(response, cancellationToken);
        Hold(document, content[type]!["schema"]!, body, where);
        if (type == "application/problem+json")
        {
            var code = body.GetProperty("code").GetString()!;
            Assert.True(content[type]!["examples"]!.AsObject().ContainsKey(code), $"{where} with the code {code}, which is not documented");
        }
    }

    private static async Task HoldProblemAsync(
        ApiDocument document, string code, HttpMethod method, HttpResponseMessage response, string where, CancellationToken cancellationToken)
    {
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{where} without a problem document");
        if (method == HttpMethod.Head)
            return;
        var body = await ReadAsync(response, cancellationToken);
        Hold(document, new JsonObject { ["$ref"] = "#/components/schemas/ProblemResponse" }, body, where);
        Assert.Equal(code, body.GetProperty("code").GetString());
    }

    private static void Hold(ApiDocument document, JsonNode schema, JsonElement body, string where)
    {
        if (document.Schemas.ErrorOf(schema, body) is { } error)
            Assert.Fail($"{where}, not as documented: {error}\n{body.GetRawText()}");
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        // As deep as an answer may be: a payload has 64 levels of its own.
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken), new JsonDocumentOptions { MaxDepth = 128 });
        return body.RootElement.Clone();
    }
}
