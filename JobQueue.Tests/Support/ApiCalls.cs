using System.Net;
using System.Net.Http.Headers;
using System.Text;
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

/// <summary>Calls of the API as a client program makes them.</summary>
internal static class ApiCalls
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<ApiAnswer> GetApiAsync(this HttpClient client, string path) => client.CallAsync(HttpMethod.Get, path);

    public static Task<ApiAnswer> DeleteApiAsync(this HttpClient client, string path) => client.CallAsync(HttpMethod.Delete, path);

    /// <param name="body">JSON; <see langword="null"/> for no body at all.</param>
    public static Task<ApiAnswer> PostApiAsync(this HttpClient client, string path, string? body = null, params (string Name, string Value)[] headers) =>
        client.CallAsync(HttpMethod.Post, path, Content(body), headers);

    public static Task<ApiAnswer> PutApiAsync(this HttpClient client, string path, string body) =>
        client.CallAsync(HttpMethod.Put, path, Content(body));

    /// <summary>Submits a job that must be accepted.</summary>
    public static async Task<ApiAnswer> SubmitAsync(this HttpClient client, string body = """{"payload":{}}""") =>
        (await client.PostApiAsync("/jobs", body)).Is(HttpStatusCode.Created);

    public static async Task<ApiAnswer> CallAsync(
        this HttpClient client, HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, Cancellation);
        return new ApiAnswer(
            response.StatusCode,
            response.Headers,
            response.Content.Headers.ContentType?.ToString(),
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static StringContent? Content(string? body) =>
        body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
}
