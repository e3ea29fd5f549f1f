using System.Net;
using System.Text.Json.Nodes;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Api.Jobs;

/// <summary>The field <c>callback</c> of a job, and what is posted to it.</summary>
public sealed class CallbackTests : IAsyncLifetime
{
    private const string Url = "https://shop.example.com/hook?a=b";

    private QueueApp _app = null!;
    private HttpClient _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(RemoteCalls.StandingClock());
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("", "ended")]
    [InlineData(""","on":"done" """, "done")]
    [InlineData(""","on":null""", "ended")]
    public async Task Callback_is_shown_with_what_was_left_out(string on, string told)
    {
        var job = await _acme.SubmitAsync($$$"""{"payload":1,"callback":{"url":"{{{Url}}}"{{{on}}}}}""");

        Assert.Equal($$"""{"url":"{{Url}}","on":"{{told}}"}""", job.Json["callback"]!.ToJsonString());
        Assert.Equal(job.Text, (await _acme.JobAsync(job.Id)).Text);
    }

    [Fact]
    public async Task Job_without_one_says_null_and_so_may_a_request()
    {
        foreach (var body in (string[])["""{"payload":1}""", """{"payload":1,"callback":null}"""])
        {
            var job = (await _acme.SubmitAsync(body)).Json;
            Assert.True(job.ContainsKey("callback") && job["callback"] is null);
            Assert.False(job.ContainsKey("result_truncated"));
        }
    }

    [Theory]
    [InlineData("{}", "callback.url", "is required")]
    [InlineData("""{"on":"done"}""", "callback.url", "is required")]
    [InlineData("""{"url":"ftp://example.com/"}""", "callback.url", "must begin with http:// or https://")]
    [InlineData("""{"url":"https://user:word@example.com/"}""", "callback.url", "must not contain a user name or password")]
    [InlineData("""{"url":7}""", "callback.url", "must be a string")]
    [InlineData("""{"url":"https://example.com/","on":"never"}""", "callback.on", "must be one of ended, done, failed")]
    [InlineData("""{"url":"https://example.com/","uri":"x"}""", "callback.uri", "is not a field")]
    [InlineData("\"https://example.com/\"", "callback", "must be an object")]
    public async Task Callback_that_cannot_be_is_refused_by_the_name_of_its_field(string callback, string field, string error)
    {
        var refused = (await _acme.PostApiAsync("/jobs", $$$"""{"payload":1,"callback":{{{callback}}}}""")).Is(HttpStatusCode.BadRequest);
        Assert.Equal([field], refused.WrongFields);
        Assert.Contains(error, refused.Text, StringComparison.Ordinal);

        refused = (await _acme.PostApiAsync("/jobs/batch", $$$"""{"jobs":[{"payload":1},{"payload":1,"callback":{{{callback}}}}]}""")).Is(HttpStatusCode.BadRequest);
        Assert.Equal([$"jobs[1].{field}"], refused.WrongFields);
    }

    [Fact]
    public async Task Repeat_may_leave_out_what_is_the_default_and_nothing_else()
    {
        Task<ApiAnswer> Submit(string callback) => _acme.PostApiAsync("/jobs", $$$"""{"payload":1,"idempotency_key":"k"{{{callback}}}}""");
        var first = (await Submit($$""","callback":{"url":"{{Url}}"}""")).Is(HttpStatusCode.Created);

        Assert.Equal(first.Id, (await Submit($$""","callback":{"on":"ended","url":"{{Url}}"}""")).Is(HttpStatusCode.OK).Id);
        (await Submit($$""","callback":{"url":"{{Url}}","on":"done"}""")).Is(HttpStatusCode.UnprocessableEntity);
        (await Submit("")).Is(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Job_is_posted_as_it_is_answered_without_what_was_sent()
    {
        var job = (await _acme.PostApiAsync(
            "/jobs",
            $$$"""{"type":"mail","queue":"q","payload":{"n":1},"tags":["é"],"max_retries":0,"idempotency_key":"k","callback":{"url":"{{{Url}}}"}}""",
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))).Is(HttpStatusCode.Created);
        await _acme.FailAsync(await _acme.LeaseAsync());
        (await _acme.PostApiAsync($"/dlq/{job.Id}/requeue", """{"payload":{"n":2}}""")).Is(HttpStatusCode.OK);
        await _acme.AckAsync(await _acme.LeaseAsync(more: ""","types":["mail"]"""), """{"result":{"b": 1.0,"a":"é"}}""");

        var deliveries = (await _acme.GetApiAsync("/jobs?queue=callbacks")).Items;
        Assert.Equal(2, deliveries.Count);
        var delivery = deliveries[0];
        var ended = (await _acme.JobAsync(job.Id)).Json;

        Assert.Equal("http.request", (string?)delivery["type"]);
        Assert.Equal($"callback:{job.Id}", (string?)delivery["submitted_by"]);
        Assert.Equal((string?)ended["trace_id"], (string?)delivery["trace_id"]);
        var payload = delivery["payload"]!.AsObject();
        Assert.Equal(["url", "body"], payload.Select(field => field.Key));
        Assert.Equal(Url, (string?)payload["url"]);
        Assert.Equal(["event", "at", "job"], payload["body"]!.AsObject().Select(field => field.Key));
        Assert.Equal("job.done", (string?)payload["body"]!["event"]);
        Assert.Equal((string?)ended["finished_at"], (string?)payload["body"]!["at"]);
        ended.Remove("payload");
        ended.Remove("original_payload");
        Assert.True(JsonNode.DeepEquals(ended, payload["body"]!["job"]), $"{ended} is not {payload["body"]!["job"]}");
        Assert.Equal("job.failed", (string?)deliveries[1]["payload"]!["body"]!["event"]);
        Assert.Equal("no paper", (string?)deliveries[1]["payload"]!["body"]!["job"]!["error"]!["message"]);
    }

    [Theory]
    [InlineData(64 << 10, false)]
    [InlineData((64 << 10) + 1, true)]
    public async Task Result_that_is_too_long_to_post_is_left_out_and_that_is_said(int length, bool isTooLong)
    {
        await _acme.SubmitAsync($$$"""{"type":"mail","payload":1,"callback":{"url":"{{{Url}}}"}}""");
        await _acme.AckAsync(await _acme.LeaseAsync(), $$"""{"result":"{{new string('x', length - 2)}}"}""");

        var job = Assert.Single((await _acme.GetApiAsync("/jobs?queue=callbacks")).Items)["payload"]!["body"]!["job"]!;

        Assert.Equal(isTooLong, job["result"] is null);
        Assert.Equal(isTooLong ? true : null, (bool?)job["result_truncated"]);
    }
}
