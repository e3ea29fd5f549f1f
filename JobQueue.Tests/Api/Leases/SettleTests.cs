using System.Net;
using System.Net.Http.Headers;
using System.Text;
using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Leases;

/// <summary><c>POST /leases/settle</c>: many ends and the next jobs in one call.</summary>
public sealed class SettleTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();
    private QueueApp _app = null!;
    private HttpClient _acme = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(_time, ("Jobs:MaxPayloadKilobytes", "1"));
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Each_end_is_answered_in_its_place_and_the_next_jobs_come_along()
    {
        var ids = await _acme.SubmitManyAsync(5);
        var held = await _acme.LeasesAsync(more: ""","max":4""");
        (await _acme.AckAsync(held[3])).Is(HttpStatusCode.OK);

        var answer = await SettleAsync(
            [Ack(held[0], """{"result":{"n":1.0e2}}"""), Fail(held[1], """{"error":"no paper","retryable":false}"""), Release(held[2]), Ack(held[3])],
            """{"worker":"w1","max":10}""");

        Assert.Equal(
            [
                $$"""{"lease_token":"{{held[0].Token}}","job_id":"{{held[0].JobId}}","status":"done"}""",
                $$"""{"lease_token":"{{held[1].Token}}","job_id":"{{held[1].JobId}}","status":"failed"}""",
                $$"""{"lease_token":"{{held[2].Token}}","job_id":"{{held[2].JobId}}","status":"pending"}""",
                $$"""{"lease_token":"{{held[3].Token}}","code":"lease-lost"}""",
            ],
            answer.Items.Select(item => item.ToJsonString()));
        // The fifth, and the one that was just handed back.
        Assert.Equal(
            new[] { held[2].JobId, ids[4] }.Order(), answer.Json["leases"]!.AsArray().Select(lease => lease!["job"]!["id"]!.GetValue<string>()).Order());
        Assert.Contains("\"result\":{\"n\":1.0e2}", (await _acme.JobAsync(held[0].JobId)).Text, StringComparison.Ordinal);
        Assert.Equal("no paper", (await _acme.JobAsync(held[1].JobId)).Json["error"]!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_a_wish_the_answer_holds_no_leases_and_without_jobs_it_holds_none()
    {
        Assert.Equal("""{"items":[]}""", (await SettleAsync([])).Text);
        Assert.Equal("""{"items":[],"leases":[]}""", (await SettleAsync([], """{"worker":"w1"}""")).Text);
    }

    [Fact]
    public async Task Result_that_cannot_be_stored_spoils_no_other_and_its_lease_lives()
    {
        await _acme.SubmitManyAsync(3);
        var held = await _acme.LeasesAsync(more: ""","max":3""");
        var deep = string.Concat(Enumerable.Repeat("[", 65)) + string.Concat(Enumerable.Repeat("]", 65));

        var answer = await SettleAsync([Ack(held[0], $$"""{"result":"{{new string('x', 2_000)}}"}"""), Ack(held[1], $$"""{"result":{{deep}}}"""), Ack(held[2])]);

        Assert.Equal(["invalid-result", "invalid-result", null], answer.Items.Select(item => item["code"]?.GetValue<string>()));
        Assert.Equal("The result may have at most 1 KB, and has 2.", answer.Items[0]["detail"]!.GetValue<string>());
        Assert.Equal("The result may be nested at most 64 levels deep.", answer.Items[1]["detail"]!.GetValue<string>());
        Assert.Equal([held[0].JobId, held[1].JobId], answer.Items.Take(2).Select(item => item["job_id"]!.GetValue<string>()));
        Assert.Equal("done", answer.Items[2]["status"]!.GetValue<string>());
        (await _acme.FailAsync(held[0])).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"lease_token":"A"}""", "items[1]")]
    [InlineData("""{"lease_token":"A","ack":{},"release":{}}""", "items[1]")]
    [InlineData("""{"lease_token":"A","ack":null}""", "items[1]")]
    [InlineData("""{"lease_token":"HELD","ack":{}}""", "items[1]")]
    [InlineData("""{"ack":{}}""", "items[1].lease_token")]
    [InlineData("""{"lease_token":"A","fail":{}}""", "items[1].fail.error")]
    [InlineData("""{"lease_token":"A","fail":{"error":{"type":"T"}}}""", "items[1].fail.error.message")]
    [InlineData("""{"lease_token":"A","ack":{"resullt":1}}""", "items[1].ack.resullt")]
    [InlineData("""{"lease_token":"A","release":{"why":1}}""", "items[1].release.why")]
    [InlineData("1", "items[1]")]
    public async Task Item_that_makes_no_sense_is_named_and_nothing_is_done(string item, string field)
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        var refused = await _acme.PostApiAsync(
            "/leases/settle", $$"""{"items":[{{Ack(lease)}},{{item.Replace("HELD", lease.Token, StringComparison.Ordinal)}}]}""");

        refused.Is(HttpStatusCode.BadRequest, "invalid-fields");
        Assert.Equal([field], refused.WrongFields);
        Assert.Equal("running", (await _acme.JobAsync(lease.JobId)).Text("status"));
    }

    [Theory]
    [InlineData("""{}""", "items")]
    [InlineData("""{"items":[],"lease":{}}""", "lease.worker")]
    [InlineData("""{"items":[],"lease":{"worker":"w","max":0}}""", "lease.max")]
    [InlineData("""{"items":{}}""", "items")]
    public async Task Call_that_makes_no_sense_is_refused(string body, string field) =>
        Assert.Equal([field], (await _acme.PostApiAsync("/leases/settle", body)).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);

    [Fact]
    public async Task A_hundred_ends_are_taken_and_no_more()
    {
        await _acme.SubmitManyAsync(101);
        var held = new[] { await _acme.LeasesAsync(more: ""","max":100"""), await _acme.LeasesAsync() }.SelectMany(each => each).ToList();

        var refused = await _acme.PostApiAsync("/leases/settle", Body(held.Select(lease => Ack(lease))));
        Assert.Equal(["items"], refused.Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);

        var answer = await SettleAsync(held.Take(100).Select(lease => Ack(lease)));
        Assert.All(answer.Items, item => Assert.Equal("done", item["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Ends_are_on_disk_while_the_call_still_waits_for_jobs()
    {
        var id = (await _acme.SubmitAsync()).Id;
        var lease = await _acme.LeaseAsync();

        var waiting = SettleAsync([Ack(lease)], """{"worker":"w1","wait_seconds":30}""");

        await Eventually.True(async () => (await _acme.JobAsync(id)).Text("status") == "done", "the job is done");
        Assert.False(waiting.IsCompleted);
        var next = (await _acme.SubmitAsync()).Id;
        Assert.Equal(next, (await waiting).Json["leases"]![0]!["job"]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Server_that_stops_takes_the_ends_and_gives_no_jobs()
    {
        await _acme.SubmitManyAsync(2);
        var lease = await _acme.LeaseAsync();
        var other = await _acme.LeaseAsync();
        var waiting = SettleAsync([Ack(lease)], """{"worker":"w1","wait_seconds":30}""");
        await Eventually.True(async () => (await _acme.JobAsync(lease.JobId)).Text("status") == "done", "the job is done");

        var stopped = _app.StopAsync();

        Assert.Empty((await waiting).Json["leases"]!.AsArray());
        await stopped;
        await _app.RestartAsync();
        using var again = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
        (await again.AckAsync(other)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Overloaded_server_takes_the_ends()
    {
        await _acme.SubmitManyAsync(2);
        var lease = await _acme.LeaseAsync();
        Task<ApiAnswer> settled;
        await using (await WriterHold.StartAsync(_app.Services))
        {
            var store = _app.Services.GetRequiredService<IJobStore>();
            var tenant = (await _app.Services.GetRequiredService<JobQueue.Storage.Access.TenantStore>().FindAsync("acme", Cancellation))!.Id;
            for (var i = 0; i < 10; i++)
                _ = store.SubmitManyAsync([.. Enumerable.Range(0, 1_000).Select(_ => Some.Submission(tenant))], Cancellation);
            Assert.False(store.TakesSubmissions());
            settled = SettleAsync([Ack(lease)]);
        }

        Assert.Equal("done", (await settled).Items[0]["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_replaced_in_a_report_and_refused_in_a_result()
    {
        await _acme.SubmitManyAsync(2);
        var held = await _acme.LeasesAsync(more: ""","max":2""");
        var body = Body([Fail(held[0], """{"error":"bad #","retryable":false}"""), Ack(held[1], """{"result":"bad #"}""")]);
        var bytes = Encoding.ASCII.GetBytes(body).Select(value => value == (byte)'#' ? (byte)0xff : value).ToArray();

        var answer = (await _acme.CallAsync(
            HttpMethod.Post, "/leases/settle", new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } }))
            .Is(HttpStatusCode.OK);

        Assert.Equal("failed", answer.Items[0]["status"]!.GetValue<string>());
        Assert.Equal("The result is not valid UTF-8.", answer.Items[1]["detail"]!.GetValue<string>());
        Assert.Equal("bad \uFFFD", (await _acme.JobAsync(held[0].JobId)).Json["error"]!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Leases_of_another_tenant_and_what_is_no_token_are_lost()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();
        using var globex = await _app.ClientAsync("globex", RemoteCalls.AllScopes);

        var answer = (await globex.PostApiAsync("/leases/settle", Body([Ack(lease), """{"lease_token":"nonsense","release":{}}"""]))).Is(HttpStatusCode.OK);

        Assert.Equal(
            [$$"""{"lease_token":"{{lease.Token}}","code":"lease-lost"}""", """{"lease_token":"nonsense","code":"lease-lost"}"""],
            answer.Items.Select(item => item.ToJsonString()));
        Assert.Equal("running", (await _acme.JobAsync(lease.JobId)).Text("status"));
    }

    private static string Ack(HeldLease lease, string body = "{}") => $$$"""{"lease_token":"{{{lease.Token}}}","ack":{{{body}}}}""";

    private static string Fail(HeldLease lease, string body) => $$$"""{"lease_token":"{{{lease.Token}}}","fail":{{{body}}}}""";

    private static string Release(HeldLease lease) => $$$"""{"lease_token":"{{{lease.Token}}}","release":{}}""";

    private static string Body(IEnumerable<string> items, string? wish = null) =>
        "{\"items\":[" + string.Join(',', items) + "]" + (wish is null ? "}" : $",\"lease\":{wish}}}");

    private async Task<ApiAnswer> SettleAsync(IEnumerable<string> items, string? wish = null) =>
        (await _acme.PostApiAsync("/leases/settle", Body(items, wish))).Is(HttpStatusCode.OK);
}
