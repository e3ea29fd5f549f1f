using System.Net;
using JobQueue.Access;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Api.Requests;

/// <summary>HEAD is answered wherever GET is.</summary>
public sealed class HeadCallTests
{
    /// <summary>Those of one answer, or of how its body is sent.</summary>
    private static readonly string[] OfOneAnswer = ["Date: ", "Transfer-Encoding: ", "Set-Cookie: ", "Content-Length: 0"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/metrics")]
    [InlineData("/jobs")]
    [InlineData("/jobs?limit=x")]
    [InlineData("/jobs/00000000-0000-7000-8000-000000000000")]
    [InlineData("/nowhere")]
    [InlineData("/events")]
    [InlineData("/")]
    [InlineData("/dashboard")]
    [InlineData("/login")]
    [InlineData("/css/app.css")]
    public async Task Head_has_status_and_fields_of_get_and_no_body(string path)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        using var get = await SendAsync(client, HttpMethod.Get, path);
        using var head = await SendAsync(client, HttpMethod.Head, path);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(Fields(get), Fields(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Head_of_the_events_takes_up_no_stream()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string> { ["Events:MaxStreamsPerToken"] = "1" },
        });
        using var client = await app.ClientAsync("acme", Scopes.JobsRead);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, HttpMethod.Head, "/events")).StatusCode);

        await Eventually.True(
            async () => (await SendAsync(client, HttpMethod.Head, "/events")).StatusCode == HttpStatusCode.OK, "the stream's place is free");
    }

    [Theory]
    [InlineData("POST", "/stats", "GET HEAD")]
    [InlineData("PUT", "/jobs", "GET HEAD POST")]
    public async Task Head_stands_beside_get_where_a_refusal_names_what_is_allowed(string method, string path, string allowed)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        using var answer = await SendAsync(client, new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(' ', answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private static IEnumerable<string> Fields(HttpResponseMessage answer) => answer.Headers.Concat(answer.Content.Headers)
        .Select(field => $"{field.Key}: {string.Join(", ", field.Value)}")
        .Where(field => !OfOneAnswer.Any(of => field.StartsWith(of, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal);
}
