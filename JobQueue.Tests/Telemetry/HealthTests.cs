using System.Net;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
    public async Task Draining_server_is_live_and_not_ready()
    {
        var draining = new Draining();
        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Services = services => services.AddSingleton<IHostedService>(draining) });
        using var client = app.Client();

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var stopping = app.StopAsync();
        await draining.Began;
        var (live, ready) = (await client.GetAsync("/health/live", Cancellation), await client.GetAsync("/health/ready", Cancellation));
        draining.End();
        await stopping;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (live.StatusCode, ready.StatusCode));
    }

    /// <summary>Holds the stop up, as running jobs do.</summary>
    private sealed class Draining : IHostedLifecycleService
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task;

        public void End() => _ended.SetResult();

        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            // Disposing the server stops it once more.
            _began.TrySetResult();
            return _ended.Task;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
