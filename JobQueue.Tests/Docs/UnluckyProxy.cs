using System.Net.Http.Headers;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JobQueue.Tests.Docs;

/// <summary>
/// A way to the server on which the first call is refused for now, the second reaches the server and its answer never comes back,
/// and only the third goes well.
/// </summary>
internal sealed class UnluckyProxy : IAsyncDisposable
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly List<long> _calls = [];
    private readonly HttpClient _server;
    private readonly WebApplication _app;

    private UnluckyProxy(QueueApp server)
    {
        _server = server.Client();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(PassAsync);
    }

    public string Url => _app.Urls.Single();

    public int Calls => _calls.Count;

    /// <summary>Between the call that was refused and the next one.</summary>
    public TimeSpan Waited => TimeProvider.System.GetElapsedTime(_calls[0], _calls[1]);

    /// <summary>Whether the server has said that it knew the last request.</summary>
    public bool Replayed { get; private set; }

    public static async Task<UnluckyProxy> StartAsync(QueueApp server)
    {
        var proxy = new UnluckyProxy(server);
        await proxy._app.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        _calls.Add(TimeProvider.System.GetTimestamp());
        if (_calls.Count == 1)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = $"{RetryAfter.TotalSeconds:F0}";
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path)
        {
            Content = new StreamContent(context.Request.Body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(context.Request.ContentType!);
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(context.Request.Headers.Authorization!);
        using var answer = await _server.SendAsync(request, context.RequestAborted);
        Replayed = answer.Headers.Contains("Idempotency-Replayed");
        if (_calls.Count == 2)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
