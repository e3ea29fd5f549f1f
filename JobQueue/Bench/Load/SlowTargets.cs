using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace JobQueue.Bench.Load;

/// <summary>A web server of this process at several addresses that takes its time for each call.</summary>
internal sealed class SlowTargets : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SlowTargets(WebApplication app, IReadOnlyList<Uri> addresses) => (_app, Addresses) = (app, addresses);

    public IReadOnlyList<Uri> Addresses { get; }

    public static async Task<SlowTargets> StartAsync(int count, TimeSpan takes, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            for (var i = 0; i < count; i++)
                kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.Run(async context =>
        {
            await Task.Delay(takes, TimeProvider.System, context.RequestAborted);
            await context.Response.WriteAsync("ok", context.RequestAborted);
        });
        await app.StartAsync(cancellationToken);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new SlowTargets(app, [.. addresses.Select(address => new Uri(address))]);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
