using System.Net;
using System.Net.Http.Headers;
using System.Text;
using JobQueue.Access;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Api.Requests;

/// <summary>Requests as real tools and proxies send them: not wrong, but not as one would write them by hand.</summary>
public sealed class EdgesOfRequestsTests
{
    [Theory]
    [InlineData("null")]
    [InlineData(" null\n")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task Body_that_says_nothing_is_as_none_wherever_it_is_optional_or_not_taken(string body)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        (await client.PostApiAsync("/queues/mail/pause", body)).Is(HttpStatusCode.OK);
        (await client.PostApiAsync("/queues/mail/resume", body)).Is(HttpStatusCode.OK);
        (await client.PostApiAsync("/dlq/0197b0e0-1111-7222-8333-444455556666/requeue", body)).Is(HttpStatusCode.NotFound);
        foreach (var verb in (string[])["heartbeat", "ack", "release"])
            (await client.PostApiAsync($"/leases/none/{verb}", body)).Is(HttpStatusCode.Conflict, "lease-lost");
    }

    [Theory]
    [InlineData("POST", "/queues/mail/resume")]
    [InlineData("POST", "/jobs/0197b0e0-1111-7222-8333-444455556666/cancel")]
    [InlineData("POST", "/jobs/0197b0e0-1111-7222-8333-444455556666/retry")]
    [InlineData("POST", "/leases/none/release")]
    [InlineData("DELETE", "/dlq/0197b0e0-1111-7222-8333-444455556666")]
    [InlineData("DELETE", "/tokens/0197b0e0-1111-7222-8333-444455556666")]
    [InlineData("GET", "/jobs")]
    public async Task Body_where_none_is_taken_is_refused_and_its_field_named(string method, string path)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        var answer = await client.CallAsync(new HttpMethod(method), path, Json("""{"reson":"x"}"""u8.ToArray()));
        answer.Is(HttpStatusCode.BadRequest, "invalid-fields");
        Assert.Equal(["reson"], answer.WrongFields);
        (await client.CallAsync(new HttpMethod(method), path, new StringContent("x=1", Encoding.UTF8, "text/plain")))
            .Is(HttpStatusCode.BadRequest, "malformed-body");
    }

    [Fact]
    public async Task Byte_order_mark_before_a_body_is_skipped()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);
        byte[] Marked(string body) => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(body)];

        (await client.CallAsync(HttpMethod.Post, "/jobs", Json(Marked("""{"payload":1}""")))).Is(HttpStatusCode.Created);
        (await client.CallAsync(HttpMethod.Post, "/queues/mail/pause", Json(Marked("")))).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/jobs?tag=%ff", "tag")]
    [InlineData("/jobs?q=a%C3", "q")]
    [InlineData("/dlq?queue=%ED%A0%80", "queue")]
    [InlineData("/audit?actor=%80", "actor")]
    [InlineData("/events?queue=%ff", "queue")]
    public async Task Query_that_is_no_utf8_is_refused(string path, string field)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        var answer = await client.GetApiAsync(path);

        answer.Is(HttpStatusCode.BadRequest, "invalid-fields");
        Assert.Equal([field], answer.WrongFields);
        (await client.GetApiAsync("/jobs?tag=%E2%82%AC&q=100%25")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Address_and_headers_that_are_too_long_are_refused_with_a_problem()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        (await client.GetApiAsync($"/jobs?q={new string('a', 9_000)}")).Is(HttpStatusCode.RequestUriTooLong, "address-too-long");
        (await client.CallAsync(HttpMethod.Get, "/jobs", null, ("X-Large", new string('a', 33_000))))
            .Is(HttpStatusCode.RequestHeaderFieldsTooLarge, "headers-too-large");
        (await client.CallAsync(HttpMethod.Get, "/jobs", null, ("X-Large", new string('a', 30_000)))).Is(HttpStatusCode.OK);
    }

    private static ByteArrayContent Json(byte[] body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
