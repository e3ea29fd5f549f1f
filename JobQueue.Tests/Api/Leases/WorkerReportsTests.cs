using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Api.Leases;

/// <summary>What a worker says of an attempt is kept, whatever text it holds: the report of a failure must not be lost to its spelling.</summary>
public sealed class WorkerReportsTests : IAsyncLifetime
{
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
    [InlineData("""{"error":{"message":"a\u0000b","type":"T\u0000"}}""", "a\uFFFDb", "T\uFFFD")]
    [InlineData("""{"error":{"message":"caf\udce9.txt \ud83d\ude00 \ud83d","type":"\ude00"}}""", "caf\uFFFD.txt \U0001F600 \uFFFD", "\uFFFD")]
    [InlineData("""{"error":{"message":"\ud83dA\u0022\\\/\b\f\n\r\t\u00e9","type":null}}""", "\uFFFDA\"\\/\b\f\n\r\té", null)]
    [InlineData("""{"error":"no paper"}""", "no paper", null)]
    [InlineData("""{"error":"no \udce9\u0000"}""", "no \uFFFD\uFFFD", null)]
    [InlineData("""{"error":{"message":"bytes \u00ff"}}""", "bytes ÿ", null)]
    public async Task Failure_is_kept_whatever_its_text_holds(string body, string message, string? type)
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        var error = (await _acme.FailAsync(lease, body)).Is(HttpStatusCode.OK).Json["error"]!;

        Assert.Equal((message, type), (error["message"]!.GetValue<string>(), error["type"]?.GetValue<string>()));
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_replaced_in_a_report()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        (await PostBytesAsync($"/leases/{lease.Token}/heartbeat", "{\"log\":\"caf\xe9\",\"progress\":{\"message\":\"\xff\xfe\"}}")).Is(HttpStatusCode.OK);
        var job = await _acme.JobAsync(lease.JobId);
        var failed = (await PostBytesAsync($"/leases/{lease.Token}/fail", "{\"error\":{\"message\":\"caf\xe9 \xed\xa0\x80\"}}")).Is(HttpStatusCode.OK);

        Assert.Equal("\uFFFD\uFFFD", job.Json["progress"]!["message"]!.GetValue<string>());
        Assert.Equal(["caf\uFFFD"], await LogsAsync(lease));
        Assert.Equal("caf\uFFFD \uFFFD\uFFFD\uFFFD", failed.Json["error"]!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Report_that_is_too_long_is_cut()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        (await _acme.BeatAsync(lease, $$"""{"progress":{"percent":1,"message":"{{new string('p', 5_000)}}"},"log":"{{new string('l', 50_000)}}\nshort"}""")).Is(HttpStatusCode.OK);
        var progress = (await _acme.JobAsync(lease.JobId)).Json["progress"]!;
        var error = (await _acme.FailAsync(lease, $$$"""{"error":{"message":"{{{new string('m', 1_000_000)}}}","type":"{{{new string('t', 5_000)}}}"}}"""))
            .Is(HttpStatusCode.OK).Json["error"]!;

        Assert.Equal(1_000, progress["message"]!.GetValue<string>().Length);
        Assert.Equal([8_000, 5], (await LogsAsync(lease)).Select(line => line.Length));
        Assert.Equal((8_000, 200), (error["message"]!.GetValue<string>().Length, error["type"]!.GetValue<string>().Length));
    }

    [Theory]
    [InlineData("100.0000001", 100)]
    [InlineData("-1", 0)]
    [InlineData("1e999", 100)]
    [InlineData("-1e999", 0)]
    [InlineData("33.25", 33.25)]
    public async Task Percentage_is_brought_into_its_range(string said, double kept)
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        (await _acme.BeatAsync(lease, $$$"""{"progress":{"percent":{{{said}}}}}""")).Is(HttpStatusCode.OK);

        Assert.Equal(kept, (await _acme.JobAsync(lease.JobId)).Json["progress"]!["percent"]!.GetValue<double>());
    }

    [Fact]
    public async Task Followers_are_told_progress_as_it_is_kept()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();
        await using var events = await SseClient.OpenAsync(_app, await _app.TokenAsync("acme", RemoteCalls.AllScopes));

        await _acme.BeatAsync(lease, $$$"""{"progress":{"percent":101,"message":"{{{new string('p', 5_000)}}}"}}""");

        var told = (await events.NextEventAsync()).Data["progress"]!;
        Assert.Equal((100.0, 1_000), (told["percent"]!.GetValue<double>(), told["message"]!.GetValue<string>().Length));
    }

    [Theory]
    [InlineData("""{"result":NaN}""", HttpStatusCode.BadRequest, "malformed-body")]
    [InlineData("""{"result":"\xff"}""", HttpStatusCode.BadRequest, "malformed-body")]
    [InlineData("deep", HttpStatusCode.BadRequest, "invalid-fields")]
    [InlineData("large", HttpStatusCode.RequestEntityTooLarge, "payload-too-large")]
    public async Task Result_that_cannot_be_kept_is_refused_and_the_lease_lives_to_report_it(string body, HttpStatusCode status, string code)
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();
        body = body switch
        {
            "deep" => $$"""{"result":{{new string('[', 65)}}{{new string(']', 65)}}}""",
            "large" => $$"""{"result":"{{new string('x', 600_000)}}"}""",
            _ => body.Replace("\\xff", "\xff", StringComparison.Ordinal),
        };

        var refused = (await PostBytesAsync($"/leases/{lease.Token}/ack", body)).Is(status, code);
        (await _acme.FailAsync(lease, new JsonObject { ["error"] = refused.Text("detail"), ["retryable"] = false }.ToJsonString())).Is(HttpStatusCode.OK);

        var job = await _acme.JobAsync(lease.JobId);
        Assert.Equal(("failed", "permanent_error", 0), (job.Text("status"), job.Text("reason"), job.Number("crashes")));
    }

    private async Task<IReadOnlyList<string>> LogsAsync(HeldLease lease) =>
        [.. (await _acme.GetApiAsync($"/jobs/{lease.JobId}/logs")).Items.Select(line => line["message"]!.GetValue<string>())];

    /// <summary>Each character is one byte.</summary>
    private Task<ApiAnswer> PostBytesAsync(string path, string body)
    {
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return _acme.CallAsync(HttpMethod.Post, path, content);
    }
}
