using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace JobQueue.Tests.Support;

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
