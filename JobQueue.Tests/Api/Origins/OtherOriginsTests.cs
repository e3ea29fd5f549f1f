using System.Net;
using JobQueue.Access;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Document;

namespace JobQueue.Tests.Api.Origins;

/// <summary>Pages of other sites call the API from a browser where the settings name their site.</summary>
public sealed class OtherOriginsTests
{
    private const string Known = "https://app.example.com";
    private const string Strange = "https://evil.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static QueueAppOptions Open { get; } = new()
    {
        Settings = new Dictionary<string, string> { ["Api:AllowedOrigins:0"] = "http://localhost:3000", ["Api:AllowedOrigins:1"] = Known },
    };

    [Theory]
    [InlineData("POST", "/jobs", "authorization,content-type,idempotency-key,traceparent")]
    [InlineData("GET", "/events", "authorization,last-event-id")]
    [InlineData("PUT", "/tenants/acme", "authorization,content-type")]
    [InlineData("DELETE", "/tokens/1", "authorization")]
    public async Task Browser_is_told_without_a_token_that_it_may_call(string method, string path, string headers)
    {
        await using var app = await QueueApp.StartAsync(Open);
        using var client = app.Client();

        using var answer = await PreflightAsync(client, Known, method, path, headers);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(Known, Field(answer, "Access-Control-Allow-Origin"));
        Assert.Contains(method, Field(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal(headers, Field(answer, "Access-Control-Allow-Headers"));
        Assert.Equal("3600", Field(answer, "Access-Control-Max-Age"));
        Assert.Null(Field(answer, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Script_may_read_answers_and_refusals_with_every_field_that_the_document_tells()
    {
        await using var app = await QueueApp.StartAsync(Open);
        using var client = await app.ClientAsync("acme", Scopes.Admin);
        var told = (await ApiDocument.GetAsync()).Json["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .SelectMany(call => call.Value!["responses"]!.AsObject())
            .SelectMany(answer => answer.Value!["headers"]?.AsObject() ?? [])
            .Select(header => header.Key)
            // It speaks to proxies alone.
            .Where(header => header != "X-Accel-Buffering")
            .Distinct();

        using var answer = await GetAsync(client, Known, "/jobs");
        using var refusal = await GetAsync(app.Client(), Known, "/jobs");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (answer.StatusCode, refusal.StatusCode));
        foreach (var each in (HttpResponseMessage[])[answer, refusal])
        {
            Assert.Equal(Known, Field(each, "Access-Control-Allow-Origin"));
            Assert.Empty(told.Except(Field(each, "Access-Control-Expose-Headers")!.Split(','), StringComparer.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Other_sites_get_no_word_that_lets_them_read()
    {
        await using var app = await QueueApp.StartAsync(Open);
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        using var preflight = await PreflightAsync(client, Strange, "POST", "/jobs", "authorization");
        using var answer = await GetAsync(client, Strange, "/jobs");
        using var page = await GetAsync(client, Known, "/login");

        foreach (var each in (HttpResponseMessage[])[preflight, answer, page])
            Assert.Null(Field(each, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task No_site_is_let_in_by_default()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        using var preflight = await PreflightAsync(client, Known, "POST", "/jobs", "authorization");
        using var answer = await GetAsync(client, Known, "/jobs");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, preflight.StatusCode);
        Assert.Null(Field(preflight, "Access-Control-Allow-Origin"));
        Assert.Null(Field(answer, "Access-Control-Allow-Origin"));
    }

    private static async Task<HttpResponseMessage> PreflightAsync(HttpClient client, string origin, string method, string path, string headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", headers);
        return await client.SendAsync(request, Cancellation);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string origin, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", origin);
        return await client.SendAsync(request, Cancellation);
    }

    private static string? Field(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
