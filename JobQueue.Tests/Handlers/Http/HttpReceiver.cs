using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace JobQueue.Tests.Handlers.Http;

/// <summary>A web server that jobs call: it keeps what came, and answers as it is told.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();

    private HttpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single() + "/");

    /// <summary>As <c>Handlers:Http:AllowedPrivateHosts</c> takes it.</summary>
    public string HostAndPort => Address.Authority;

    /// <summary>So far, the first one first.</summary>
    public IReadOnlyList<ReceivedCall> Calls => [.. _calls];

    /// <param name="answer">What it does with a call; an empty 200 by default.</param>
    public static async Task<HttpReceiver> StartAsync(Func<HttpContext, Task>? answer = null, string address = "127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://{address}");
        var receiver = new HttpReceiver(builder.Build());
        receiver._app.Run(async context =>
        {
            receiver._calls.Enqueue(await ReadAsync(context.Request));
            await (answer?.Invoke(context) ?? Task.CompletedTask);
        });
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<ReceivedCall> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return new ReceivedCall(
            request.Method,
            request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            body.ToArray());
    }
}
