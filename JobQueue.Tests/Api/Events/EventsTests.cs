using System.Net;
using System.Net.WebSockets;
using System.Text;
using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Api.Events;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Events;

public sealed class EventsTests
{
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_that_is_cut_off_resumes_without_a_gap(bool webSocket)
    {
        const int Jobs = 1_000;
        const int EventsOfAJob = 3;
        await using var app = await RemoteCalls.StartServerAsync(null, ("Workers:Count", "4"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var token = await app.TokenAsync("acme", Scopes.JobsRead);
        var got = new List<StreamedEvent>();

        var client = await app.FollowAsync(token, webSocket);
        var submitting = acme.SubmitManyAsync(Jobs);
        foreach (var cutAfter in (int[])[10, 990, 1_000])
        {
            got.AddRange(await client.NextEventsAsync(cutAfter));
            await client.DisposeAsync();
            client = await app.FollowAsync(token, webSocket, lastId: got[^1].Id);
        }

        got.AddRange(await client.NextEventsAsync((Jobs * EventsOfAJob) - got.Count));
        await client.DisposeAsync();

        var ids = await submitting;
        Assert.DoesNotContain(got, each => each.Name == EventNames.Reset);
        Assert.Equal(got.Count, got.DistinctBy(each => each.Id).Count());
        var byJob = got.ToLookup(each => each.JobId, each => each.Name);
        Assert.All(ids, id => Assert.Equal(["submitted", "started", "done"], byJob[id]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_cut_off_before_its_first_event_resumes_from_where_the_stream_began(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var token = await app.TokenAsync("acme", Scopes.JobsRead);
        await acme.SubmitAsync();
        var first = await app.FollowAsync(token, webSocket);
        await first.DisposeAsync();
        var missed = (await acme.SubmitAsync()).Id;

        await using var second = await app.FollowAsync(token, webSocket, lastId: first.StartId);

        while ((await second.NextEventAsync()).JobId != missed)
        {
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_restart_the_stream_opens_with_reset_and_goes_on(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        string lastId;
        await using (var client = await app.FollowAsync(await app.TokenAsync("acme", Scopes.JobsRead), webSocket))
        {
            await acme.SubmitAsync();
            lastId = (await client.NextEventAsync()).Id;
        }

        await app.RestartAsync();
        using var again = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var token = await app.TokenAsync("acme", Scopes.JobsRead);
        await using var resumed = await app.FollowAsync(token, webSocket, lastId: lastId);
        var reset = await resumed.NextEventAsync();
        var id = (await again.SubmitAsync()).Id;

        Assert.Equal("reset", reset.Name);
        Assert.Equal(id, (await resumed.NextEventAsync()).JobId);
        // Who was told once, and resumes from there, is not told again.
        await using var third = await app.FollowAsync(token, webSocket, lastId: reset.Id);
        Assert.Equal("submitted", (await third.NextEventAsync()).Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Id_that_nobody_gave_out_opens_with_reset(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);

        await using var client = await app.FollowAsync(await app.TokenAsync("acme", Scopes.JobsRead), webSocket, lastId: "nonsense");

        Assert.Equal("reset", (await client.NextEventAsync()).Name);
    }

    [Fact]
    public async Task Headers_come_at_once_and_a_comment_every_fifteen_seconds()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var reader = await app.ClientAsync("acme", Scopes.JobsRead);
        using var response = await reader.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        using var lines = new StreamReader(stream, Encoding.UTF8);
        while (await lines.ReadLineAsync(Cancellation) is not "")
        {
        }

        for (var round = 0; round < 3; round++)
        {
            var line = lines.ReadLineAsync(Cancellation).AsTask();
            await Eventually.True(
                () =>
                {
                    _time.Advance(TimeSpan.FromSeconds(5));
                    return line.IsCompleted;
                },
                "a comment comes");
            Assert.StartsWith(":", await line, StringComparison.Ordinal);
            Assert.Equal("", await lines.ReadLineAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_step_of_a_job_is_told(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await using var client = await app.FollowAsync(await app.TokenAsync("acme", Scopes.JobsRead), webSocket);

        var id = (await acme.SubmitAsync("""{"payload":1,"type":"mail","queue":"out","max_retries":1}""")).Id;
        var lease = await acme.LeaseAsync();
        await acme.BeatAsync(lease, """{"progress":{"percent":50}}""");
        await acme.FailAsync(lease, """{"error":{"message":"no paper","type":"Printer"}}""");
        _time.Advance(TimeSpan.FromMinutes(1));
        await acme.FailAsync(await acme.LeaseAsync());
        await acme.PostApiAsync($"/dlq/{id}/requeue");
        await acme.PostApiAsync($"/jobs/{id}/cancel");
        var events = await client.NextEventsAsync(10);

        Assert.Equal(
            ["submitted", "started", "progress", "failed", "retry_scheduled", "started", "failed", "dead_lettered", "requeued", "cancelled"],
            events.Select(each => each.Name));
        Assert.All(events, each => Assert.Equal(id, each.JobId));
        var submitted = events[0].Data;
        Assert.Equal(("pending", "out", "mail", "acme"), (submitted["status"]!.GetValue<string>(), submitted["queue"]!.GetValue<string>(), submitted["type"]!.GetValue<string>(), submitted["tenant"]!.GetValue<string>()));
        Assert.Equal("2026-01-01T12:00:00.000Z", submitted["time"]!.GetValue<string>());
        Assert.Equal("running", events[1].Data["status"]!.GetValue<string>());
        Assert.Equal(50, events[2].Data["progress"]!["percent"]!.GetValue<double>());
        Assert.Equal("""{"message":"no paper","type":"Printer"}""", events[3].Data["error"]!.ToJsonString());
        Assert.Equal(2, events[5].Data["attempt"]!.GetValue<int>());
        Assert.Equal("retries_exhausted", events[7].Data["reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Filters_and_tenants_keep_other_jobs_out(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        using var globex = await app.ClientAsync("globex", RemoteCalls.AllScopes);
        var token = await app.TokenAsync("acme", Scopes.JobsRead);
        await using var first = await app.FollowAsync(token, webSocket);
        var one = (await acme.SubmitAsync()).Id;
        // A submission is answered before its event is told: only now do the others begin behind it.
        await first.NextEventAsync();
        await using var ofOneJob = await app.FollowAsync(token, webSocket, $"?job_id={one}");
        await using var ofOneQueue = await app.FollowAsync(token, webSocket, "?queue=out");
        await using var ofAll = await app.FollowAsync(await app.TokenAsync("acme", Scopes.Admin), webSocket);

        var foreign = (await globex.SubmitAsync("""{"payload":1,"queue":"out"}""")).Id;
        var two = (await acme.SubmitAsync("""{"payload":1,"queue":"out"}""")).Id;
        await acme.PostApiAsync($"/jobs/{one}/cancel");

        Assert.Equal((one, "cancelled"), await NamedAsync(ofOneJob));
        Assert.Equal((two, "submitted"), await NamedAsync(ofOneQueue));
        Assert.Equal(foreign, (await ofAll.NextEventAsync()).JobId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Revoked_token_ends_the_stream_at_once(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var admin = await app.ClientAsync("acme", Scopes.Admin);
        var made = (await admin.PostApiAsync("/tokens", """{"name":"reader","scopes":["jobs:read"]}""")).Is(HttpStatusCode.Created);
        await using var client = await app.FollowAsync(made.Text("token")!, webSocket);

        (await admin.DeleteApiAsync($"/tokens/{made.Id}")).Is(HttpStatusCode.NoContent);

        await client.UntilEndAsync();
        if (client is SocketClient socket)
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Expired_token_ends_the_stream_at_once(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        var token = await app.Services.GetRequiredService<ITokens>().CreateAsync(
            new NewTokenRequest("acme", "short", [Scopes.JobsRead], 1, "test", false, null, null), Cancellation);
        await using var client = await app.FollowAsync(token.Secret, webSocket);

        _time.Advance(TimeSpan.FromDays(1));

        await client.UntilEndAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_that_stops_ends_the_stream_at_once(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        await using var client = await app.FollowAsync(await app.TokenAsync("acme", Scopes.JobsRead), webSocket);

        var stopped = app.StopAsync();

        await client.UntilEndAsync();
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        if (client is SocketClient socket)
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
    }

    [Fact]
    public async Task Client_of_a_websocket_may_say_goodbye()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        await using var client = await SocketClient.OpenAsync(app, await app.TokenAsync("acme", Scopes.JobsRead));

        await client.CloseAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
    }

    [Fact]
    public async Task Stream_needs_a_token_with_the_scope_and_parameters_that_make_sense()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var anonymous = app.Client();
        using var worker = await app.ClientAsync("acme", Scopes.JobsWork);
        using var reader = await app.ClientAsync("acme", Scopes.JobsRead);

        (await anonymous.GetApiAsync("/events")).Is(HttpStatusCode.Unauthorized, "token-missing");
        (await worker.GetApiAsync("/events")).Is(HttpStatusCode.Forbidden, "scope-missing");
        Assert.Equal(["job_id"], (await reader.GetApiAsync("/events?job_id=1")).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);
        Assert.Equal(["jobid"], (await reader.GetApiAsync("/events?jobid=1")).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.OpenAsync(app, "jq_unknown"));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<(string Id, string Name)> NamedAsync(IEventClient client)
    {
        var next = await client.NextEventAsync();
        return (next.JobId, next.Name);
    }
}
