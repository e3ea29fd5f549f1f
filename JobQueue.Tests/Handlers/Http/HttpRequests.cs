using System.Text;
using System.Text.Json.Nodes;
using JobQueue.Handlers;
using JobQueue.Handlers.Http;
using JobQueue.Handlers.Http.Outbound;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Handlers.Http;

/// <summary>The handler of <c>http.request</c> as the program makes it, without a server around it.</summary>
internal sealed class HttpRequests : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="allowed">Private hosts that may be called.</param>
    /// <param name="secrets">What calls are signed with.</param>
    public HttpRequests(IEnumerable<string> allowed, HostResolver? resolver = null, IEnumerable<string>? secrets = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(Time);
        if (resolver is not null)
            builder.Services.AddSingleton(resolver);
        builder.Services.Configure<HttpHandlerOptions>(options =>
            (options.AllowedPrivateHosts, options.SigningSecrets) = ([.. allowed], [.. secrets ?? []]));
        builder.AddHandlers();
        _services = builder.Services.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = RemoteCalls.StandingClock();

    /// <summary>What the attempts said.</summary>
    public List<string> Log { get; } = [];

    public async Task<JsonObject> RunAsync(Job job, CancellationToken? cancellationToken = null)
    {
        Assert.True(_services.GetRequiredService<HandlerRegistry>().TryGet("http.request", out var handler));
        var context = new JobContext(job, (_, line) =>
        {
            Log.Add(line!);
            return ValueTask.CompletedTask;
        });
        var result = await handler.RunAsync(context, cancellationToken ?? TestContext.Current.CancellationToken);
        return JsonNode.Parse(Encoding.UTF8.GetString(result!.Value.Span))!.AsObject();
    }

    public Task<JsonObject> RunAsync(string payload) => RunAsync(TestJobs.Create("http.request", payload));

    /// <summary>How an attempt fails, which it must.</summary>
    public Task<FailedAttemptException> FailAsync(string payload) => Assert.ThrowsAnyAsync<FailedAttemptException>(() => RunAsync(payload));

    public Task<FailedAttemptException> FailAtAsync(string url) => FailAsync(new JsonObject { ["url"] = url }.ToJsonString());

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
