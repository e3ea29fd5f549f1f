using System.Net;
using JobQueue.Access;
using JobQueue.Handlers;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Telemetry;

public sealed class HealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fresh_server_without_accounts_and_workers_is_live_and_ready()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" },
        });
        using var client = app.Client();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Draining_server_is_not_ready_and_still_answers()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Services = services => services.AddJobHandler<SteeredHandler>() });
        using var client = await app.ClientAsync("acme", Scopes.JobsSubmit, Scopes.JobsRead);
        var id = (await client.SubmitAsync("""{"type":"steered","payload":{}}""")).Id;
        var run = await app.Services.GetRequiredService<SteeredHandler>().NextAsync();

        var stopped = app.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health/ready", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live", Cancellation)).StatusCode);
        var running = (await client.GetApiAsync($"/jobs/{id}")).Is(HttpStatusCode.OK);
        Assert.Equal("running", running.Json["status"]!.GetValue<string>());
        var late = (await client.SubmitAsync("""{"payload":"late"}""")).Id;
        Assert.False(stopped.IsCompleted);
        run.Return("1");
        await stopped;

        await app.RestartAsync();
        using var again = await app.ClientAsync("acme", Scopes.JobsRead);
        await Eventually.True(
            async () => (await again.GetApiAsync($"/jobs/{late}")).Json["status"]!.GetValue<string>() == "done", "what came in meanwhile is run");
        Assert.Equal("done", (await again.GetApiAsync($"/jobs/{id}")).Json["status"]!.GetValue<string>());
    }
}
