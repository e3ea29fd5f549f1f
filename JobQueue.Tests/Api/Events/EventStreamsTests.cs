using System.Net;
using System.Net.WebSockets;
using JobQueue.Access;
using JobQueue.Handlers;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Events;

/// <summary>How a stream begins and ends, and how many there may be.</summary>
public sealed class EventStreamsTests
{
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_are_served_to_the_end_of_the_drain_and_new_ones_too(bool webSocket)
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Services = services => services.AddJobHandler<SteeredHandler>() });
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var token = await app.TokenAsync("acme", Scopes.JobsRead);
        await using var client = await app.FollowAsync(token, webSocket);
        var id = (await acme.SubmitAsync("""{"type":"steered","payload":{}}""")).Id;
        var run = await app.Services.GetRequiredService<SteeredHandler>().NextAsync();

        var stopped = app.StopAsync();
        await using var late = await app.FollowAsync(token, webSocket, $"?job_id={id}");
        run.Return("1");

        Assert.Equal("done", (await late.NextEventAsync()).Name);
        Assert.Equal(["submitted", "started", "done"], (await client.NextEventsAsync(3)).Select(each => each.Name));
        await client.UntilEndAsync();
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        if (client is SocketClient socket)
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        else
            Assert.Equal(TimeSpan.FromSeconds(10), ((SseClient)client).ReconnectsAfter);
    }

    [Fact]
    public async Task Stream_begins_with_the_id_to_resume_from_and_when_to_come_back()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);

        await using var client = await SseClient.OpenAsync(app, await app.TokenAsync("acme", Scopes.JobsRead));

        await Eventually.True(() => client.LastId == client.StartId, "the id comes before any event");
        Assert.Equal(TimeSpan.FromSeconds(2), client.ReconnectsAfter);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Job_that_is_not_there_or_another_tenants_is_not_found(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var globex = await app.ClientAsync("globex", RemoteCalls.AllScopes);
        using var reader = await app.ClientAsync("acme", Scopes.JobsRead);
        var token = await app.TokenAsync("acme", Scopes.JobsRead);

        foreach (var id in (string[])[(await globex.SubmitAsync()).Id, Guid.CreateVersion7().ToString()])
        {
            if (webSocket)
                Assert.Contains("404", (await Assert.ThrowsAsync<WebSocketException>(() => app.FollowAsync(token, true, $"?job_id={id}"))).Message, StringComparison.Ordinal);
            else
                (await reader.GetApiAsync($"/events?job_id={id}")).Is(HttpStatusCode.NotFound, "not-found");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Name_of_an_event_is_in_its_data_too(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await using var client = await app.FollowAsync(await app.TokenAsync("acme", Scopes.JobsRead), webSocket, lastId: "nonsense");
        await acme.SubmitAsync();

        var events = await client.NextEventsAsync(2);

        Assert.Equal(["reset", "submitted"], events.Select(each => each.Name));
        Assert.All(events, each => Assert.Equal(each.Name, each.Data["event"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Quiet_follower_of_one_queue_resumes_from_where_the_others_are()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var token = await app.TokenAsync("acme", Scopes.JobsRead);
        await using var all = await SseClient.OpenAsync(app, token);
        await using var quiet = await SseClient.OpenAsync(app, token, "?queue=quiet");
        await acme.SubmitAsync();
        var other = await all.NextEventAsync();

        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return quiet.LastId == other.Id;
            },
            "the next comment brings the id");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_are_bounded_with_one_token_and_in_all_and_a_place_that_is_left_is_free(bool webSocket)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time, ("Events:MaxStreams", "3"), ("Events:MaxStreamsPerToken", "2"));
        string[] tokens = [await app.TokenAsync("acme", Scopes.JobsRead), await app.TokenAsync("acme", Scopes.JobsRead)];
        var first = await app.FollowAsync(tokens[0], webSocket);
        await using var second = await app.FollowAsync(tokens[0], webSocket);

        var tooMany = (await RefusedAsync(app, tokens[0])).Is(HttpStatusCode.TooManyRequests, "too-many-streams");
        await using var third = await app.FollowAsync(tokens[1], webSocket);
        var full = (await RefusedAsync(app, tokens[1])).Is(HttpStatusCode.ServiceUnavailable, "no-stream-left");
        await first.DisposeAsync();

        Assert.All([tooMany, full], answer => Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        using var again = ClientOf(app, tokens[0]);
        await Eventually.True(
            async () =>
            {
                using var response = await again.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
                return response.StatusCode == HttpStatusCode.OK;
            },
            "the place is free");
    }

    private static async Task<ApiAnswer> RefusedAsync(QueueApp app, string token)
    {
        using var client = ClientOf(app, token);
        return await client.GetApiAsync("/events");
    }

    private static HttpClient ClientOf(QueueApp app, string token)
    {
        var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
